# What Cython makes of hot.py: attributes in fixed places instead of a dictionary.

cdef class Dispatch:
    cdef dict _handlers
    cdef object _other
