"""Why a provider's word was not enough."""

from everyrun.domain.errors import EveryrunError


class ProviderUnavailable(EveryrunError):
    """The OpenID provider does not answer as it should; try again in a while."""

    status_code = 503
    retry_after = 10.0


class ProviderRefused(EveryrunError):
    """Signing in with the OpenID provider did not succeed; begin again."""

    status_code = 403
