"""Sharing: who has the link of an insight or dashboard may see it, without an account.

Turning it on makes an access token, turning it off keeps the token for the next time, `refresh` makes the old link
worthless.
"""
