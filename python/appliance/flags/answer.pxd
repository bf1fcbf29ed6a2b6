# What Cython makes of answer.py: attributes in fixed places instead of a dictionary.

cdef class Flags:
    cdef public object keeper
    cdef public object people
    cdef public object remote_config
    cdef public object counts
    cdef public object bodies
    cdef public object addresses
    cdef public object places
    cdef public Py_ssize_t bytes_max
    cdef public bint draining
    cdef public Py_ssize_t under_way

cdef class _Route:
    cdef Flags _flags
    cdef object _route
