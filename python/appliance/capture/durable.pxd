# What Cython makes of durable.py: attributes in fixed places instead of a dictionary.

cdef class Commit:
    cdef public object position
    cdef object _loop
    cdef bint _settled
    cdef object _failure
    cdef object _resume
    cdef object _context
    cdef public bint _asyncio_future_blocking

cdef class Durable:
    cdef public object writer
    cdef object _loop
    cdef object _waiting
