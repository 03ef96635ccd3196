"""Signing in with an OpenID provider (OpenID Connect Core 1.0, code flow with PKCE)."""
