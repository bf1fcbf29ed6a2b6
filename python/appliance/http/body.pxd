# What Cython makes of body.py: attributes in fixed places instead of a dictionary.

cdef class Bodies:
    cdef object _timeout_s
    cdef dict _reads
    cdef set _stalled
    cdef object _loop
