"""Whether an ID token is the provider's, for us, about this very sign-in, and fresh."""

from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

from everyrun.server.access.oidc.discovering import Discovery
from everyrun.server.access.oidc.errors import ProviderRefused

_ALGORITHMS = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "Ed25519",
]  # fmt: skip
"""Signatures with the provider's private key: neither none nor a secret that we share."""
_LEEWAY_SECONDS = 60


def claims_of(
    id_token: str, discovery: Discovery, *, client_id: str, nonce: str, now: int
) -> dict[str, Any]:
    """What the token says (OpenID Connect Core 1.0, 3.1.3.7), at ``now`` (seconds UTC).

    Raises :class:`ProviderRefused` and ``ProviderUnavailable``.
    """
    try:
        token = _decoded(id_token, discovery)
        jwt.JWTClaimsRegistry(
            now=now,
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": discovery.described().issuer},
            aud={"essential": True, "value": client_id},
            sub={"essential": True, "allow_blank": False},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderRefused(f"the provider's ID token is not good: {error}") from None
    claims = token.claims
    audience = claims["aud"]
    is_for_several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", client_id) != client_id or (is_for_several and "azp" not in claims):
        raise ProviderRefused("the provider's ID token was made for somebody else")
    if not isinstance(claims["sub"], str) or len(claims["sub"]) > 255:
        raise ProviderRefused("the provider's ID token names nobody")
    return claims


def _decoded(id_token: str, discovery: Discovery) -> jwt.Token:
    try:
        return jwt.decode(id_token, discovery.keys(), algorithms=_ALGORITHMS)
    except (InvalidKeyIdError, BadSignatureError):
        # The provider may have taken new keys since they were asked for.
        return jwt.decode(id_token, discovery.keys(anew=True), algorithms=_ALGORITHMS)
