"""From what a provider says of somebody to a user here, with a role."""

import hashlib
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from everyrun.domain.person_names import LONGEST_NAME, is_name
from everyrun.domain.roles import Role
from everyrun.domain.views.access import UserView
from everyrun.server.access.errors import NotAllowed
from everyrun.server.access.settings import AccessSettings
from everyrun.store.access.errors import LastAdmin, NameTaken
from everyrun.store.access.users import create_user, set_role, user_of_subject
from everyrun.store.connections import Connection

_GREATEST_FIRST = (Role.ADMIN, Role.OPERATOR, Role.VIEWER)
_log = logging.getLogger("everyrun.server")


def user_of(
    connection: Connection, claims: dict[str, Any], settings: AccessSettings, now: int
) -> UserView:
    """The user whom the claims are about, made on first sight; with the role that they give.

    Somebody of the same name who came in otherwise is somebody else. Raises :class:`NotAllowed`.
    """
    issuer, subject = settings.oidc_issuer, claims["sub"]
    role = role_given(claims, settings)
    user = user_of_subject(connection, issuer, subject)
    if user is None:
        if role is None:
            raise NotAllowed("the OpenID provider gives you no role here; ask an administrator")
        return _create(connection, claims, settings, role, now)
    if user.disabled_at is not None:
        raise NotAllowed("this user is disabled; ask an administrator")
    if settings.oidc_role_claim:
        if role is None:
            raise NotAllowed("the OpenID provider gives you no role here; ask an administrator")
        user = _with_role(connection, user, role)
    return user


def role_given(claims: dict[str, Any], settings: AccessSettings) -> Role | None:
    """The greatest role that the claims give, else the default one; None where there is none."""
    by_group = settings.role_of_group()
    groups = _groups(claims, settings.oidc_role_claim)
    given = {by_group[group] for group in groups if group in by_group}
    for role in _GREATEST_FIRST:
        if role in given:
            return role
    return Role(settings.oidc_default_role) if settings.oidc_default_role else None


def _with_role(connection: Connection, user: UserView, role: Role) -> UserView:
    if role is user.role:
        return user
    try:
        return set_role(connection, user.id, role)
    except LastAdmin:
        _log.warning("the provider makes %s a %s; as the last admin they stay one", user.name, role)
        return user


def _create(
    connection: Connection,
    claims: dict[str, Any],
    settings: AccessSettings,
    role: Role,
    now: int,
) -> UserView:
    issuer, subject = settings.oidc_issuer, claims["sub"]
    for name in _names(claims, settings):
        try:
            return create_user(connection, name, role, now, issuer=issuer, subject=subject)
        except NameTaken:
            made_meanwhile = user_of_subject(connection, issuer, subject)
            if made_meanwhile is not None:
                return made_meanwhile
    raise NameTaken


def _names(claims: dict[str, Any], settings: AccessSettings) -> Iterator[str]:
    """Names to try, the best first: the last is nobody else's."""
    wanted = (claims.get(settings.oidc_name_claim), claims.get("email"), claims["sub"])
    room = LONGEST_NAME // 2
    name = next((each for each in wanted if isinstance(each, str) and is_name(each)), "user")
    name = name.strip()[:room]
    host = (urlsplit(settings.oidc_issuer).hostname or "")[: room // 2]
    mark = hashlib.sha256(claims["sub"].encode("utf-8", "replace")).hexdigest()[:12]
    yield name
    yield f"{name} ({host})"
    yield f"{name} ({host}, {mark})"


def _groups(claims: dict[str, Any], claim: str) -> list[str]:
    if not claim:
        return []
    value: Any = claims.get(claim)
    if value is None:
        value = claims
        for part in claim.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
