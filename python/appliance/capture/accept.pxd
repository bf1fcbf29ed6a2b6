# What Cython makes of accept.py: attributes in fixed places instead of a dictionary.

cdef class Capture:
    cdef public object projects
    cdef public dict lanes
    cdef public object counters
    cdef public object bodies
    cdef public object addresses
    cdef public bint draining
    cdef public Py_ssize_t under_way

cdef class _Route:
    cdef Capture _capture
    cdef object _route
    cdef object _protocol
    cdef bint _is_v1
    cdef object _methods
    cdef bint _allows_get
    cdef object _bytes_max
