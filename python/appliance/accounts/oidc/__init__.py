"""Signing in with an OpenID Connect provider: authorization code with PKCE, state and nonce.

- `provider`: what the provider says of itself, and the exchange of a code.
- `id_token`: whether a token is the provider's, for us, and for this attempt.
- `identities`: which account it opens.

Whoever comes by this way is not asked for our second factor: that is the provider's business.
"""
