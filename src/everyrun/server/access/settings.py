"""What a server may be told about who may come in."""

import re
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from urllib.parse import urlsplit

from everyrun.domain.errors import SettingsError
from everyrun.domain.roles import Role

SHORTEST_GIVEN_TOKEN = 20
LONGEST_TOKEN = 512
_VISIBLE = re.compile(r"[!-~]+").fullmatch


@dataclass(frozen=True, kw_only=True)
class AccessSettings:
    """Who may come in, from where, and for how long."""

    admin_token: str = field(default="", repr=False)
    """A token with the role admin, for automation: 20 to 512 visible ASCII characters."""
    public_url: str = ""
    """Where people reach this server, when a proxy stands before it: `https://everyrun.example`."""
    allowed_hosts: str = ""
    """Further names that requests may call this server by, separated by commas; `*.example.com`
    for all names below one, `*` for any name at all."""
    cors_origins: str = ""
    """Origins whose pages may call the API with a token, separated by commas; none by default."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies, separated by commas, whose `X-Forwarded-For` and
    `X-Forwarded-Proto` are believed; none by default."""
    session_seconds: float = 7 * 86_400.0
    """Seconds after which a browser must sign in again."""
    session_idle_seconds: float = 86_400.0
    """Seconds without a request after which a browser must sign in again."""
    login_link_seconds: float = 900.0
    """Seconds that a login link can be opened."""
    oidc_issuer: str = ""
    """The OpenID provider with which people may sign in: its issuer, an https address."""
    oidc_client_id: str = ""
    """What the provider calls this server."""
    oidc_client_secret: str = field(default="", repr=False)
    """What this server proves that with; empty for a public client (PKCE alone)."""
    oidc_scopes: str = "openid profile email"
    """The scopes to ask the provider for, separated by spaces."""
    oidc_name_claim: str = "preferred_username"
    """The claim that holds a person's name."""
    oidc_role_claim: str = ""
    """The claim that holds a person's groups: `groups`, `resource_access.everyrun.roles`."""
    oidc_roles: str = ""
    """Which group gives which role: `everyrun-admins=admin,developers=operator`; the greatest
    wins. Empty takes the names of the roles themselves."""
    oidc_default_role: str = ""
    """The role of whom no group gives one; empty does not let them in."""

    def check_access(self) -> None:
        """Raise :class:`SettingsError` that names the variable which cannot work."""
        if self.admin_token and not is_token_text(self.admin_token, SHORTEST_GIVEN_TOKEN):
            raise SettingsError(
                f"EVERYRUN_ADMIN_TOKEN needs {SHORTEST_GIVEN_TOKEN} to {LONGEST_TOKEN} "
                "visible ASCII characters"
            )
        for name in ("session_seconds", "session_idle_seconds", "login_link_seconds"):
            if not 1 <= getattr(self, name) <= 366 * 86_400:
                raise SettingsError(f"{VARIABLES[name]} must be from 1 to {366 * 86_400}")
        for text in listed(self.trusted_proxies):
            try:
                ip_network(text, strict=False)
            except ValueError as error:
                raise SettingsError(f"EVERYRUN_TRUSTED_PROXIES: {error}") from None
        for name in ("public_url", "oidc_issuer"):
            _check_url(VARIABLES[name], getattr(self, name))
        for origin in listed(self.cors_origins):
            if origin != "*":
                _check_url("EVERYRUN_CORS_ORIGINS", origin, bare=True)
        if self.oidc_issuer and not _is_safe_issuer(self.oidc_issuer):
            raise SettingsError("EVERYRUN_OIDC_ISSUER must begin with https://")
        if self.oidc_issuer and not self.oidc_client_id:
            raise SettingsError("EVERYRUN_OIDC_ISSUER needs EVERYRUN_OIDC_CLIENT_ID")
        if self.oidc_default_role:
            _role("EVERYRUN_OIDC_DEFAULT_ROLE", self.oidc_default_role)
        self.role_of_group()

    def role_of_group(self) -> dict[str, Role]:
        """Which of a person's groups gives which role. Raises :class:`SettingsError`."""
        if not self.oidc_roles.strip():
            return {role.value: role for role in Role if role is not Role.INGEST}
        found: dict[str, Role] = {}
        for pair in listed(self.oidc_roles):
            group, equals, role = pair.rpartition("=")
            if not equals or not group.strip():
                raise SettingsError("EVERYRUN_OIDC_ROLES is written group=role,group=role")
            found[group.strip()] = _role("EVERYRUN_OIDC_ROLES", role)
        return found


VARIABLES = {each.name: f"EVERYRUN_{each.name.upper()}" for each in fields(AccessSettings)}
"""Setting -> its environment variable."""


def listed(text: str) -> list[str]:
    """What is separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def is_token_text(text: str, shortest: int = 1) -> bool:
    """Whether this may be a token at all: visible ASCII, and not too long."""
    return shortest <= len(text) <= LONGEST_TOKEN and bool(_VISIBLE(text))


def _role(variable: str, text: str) -> Role:
    try:
        role = Role(text.strip())
    except ValueError:
        role = Role.INGEST
    if role is Role.INGEST:
        raise SettingsError(f"{variable}: a person's role is viewer, operator or admin")
    return role


def _is_safe_issuer(issuer: str) -> bool:
    """Whether nobody between can answer in its place; a provider on this machine may use http."""
    parts = urlsplit(issuer)
    return parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _check_url(variable: str, text: str, *, bare: bool = False) -> None:
    if not text:
        return
    parts = urlsplit(text)
    is_whole = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    if not is_whole or parts.query or parts.fragment or (bare and parts.path):
        raise SettingsError(f"{variable}={text!r} is no address like https://everyrun.example")
