# What Cython makes of client_address.py: attributes in fixed places instead of a dictionary.

cdef class ClientAddresses:
    cdef object _networks
    cdef dict _peers
