"""HTTP without product words: start Granian, hand each request to its handler, read bodies within bounds.

A request meets ``hot.Dispatch`` first. Paths on the hot road (capture, flags) go straight to a handler that talks
to the Rust kernels; all others cross ``bridge.Bridge`` into an ordinary ASGI application.
"""
