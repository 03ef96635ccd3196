"""Which keys name something secret.

A key is judged in its normal form: words in lower case joined by ``_``, so that ``apiKey``,
``API-KEY`` and ``api_key`` are one. Patterns are regular expressions searched for in that form.
"""

import re
from functools import cache

SENSITIVE_KEYS: tuple[str, ...] = (
    r"pass(?:word|wd|phrase|code)s?(?![a-z])",
    r"pwd(?![a-z])",
    r"(?:^|_)(?:user|db|database|smtp|ftp|http|proxy|login|mail|imap|redis|sql|root)_?pass$",
    r"^pass$",
    r"secrets?(?![a-z])",
    r"token(?![a-z])",
    r"(?:access|refresh|auth|bearer|api|id|session|csrf|xsrf|security|device)_?tokens(?![a-z])",
    r"api_?keys?(?![a-z])",
    r"(?:access|private|secret|encryption|decryption|signing|master)_?keys?(?![a-z])",
    r"(?:account|auth|ssh|shared|storage|subscription|hmac|aes|rsa)_?keys?(?![a-z])",
    r"(?:^|_)(?:authorization|bearer|jwt|otp|totp|cvv|cvc)(?:_|$)",
    r"^(?:(?:basic|proxy|http)_)?auth$",
    r"cookies?(?![a-z])",
    r"credentials?(?![a-z])",
    r"(?:^|_)creds?(?:_|$)",
    r"sess(?:ion)?_?(?:id|key)s?(?![a-z])",
    r"^sig$",
    r"^x_(?:amz|goog)_(?:signature|credential)$",
    r"비밀번호|패스워드",
)
"""Keys whose values are hidden, unless one of :data:`HARMLESS_KEYS` fits too."""

HARMLESS_KEYS: tuple[str, ...] = (
    r"^(?:max|min|num|n|total|count|avg|mean|is|has|needs?|requires?|allows?)_",
    r"_(?:counts?|limits?|length|len|size|used|usage|budget|index|idx|position|ratio|rate|cost)$",
    r"_(?:types?|names?|version|policy|strength|label|hint|field|price|required|enabled|valid)$",
    r"_(?:urls?|uri|endpoint|arn|domain|path|file|dir|jar|consent|samesite)$",
    r"_(?:expiry|expires|expired|expiration|ttl|in|at|age)$",
    r"^(?:bos|eos|pad|unk|sep|cls|mask|stop|start|end|image|special)_token$",
    r"^(?:prompt|completion|input|output|cached|reasoning)_token$",
    r"^(?:next|prev|previous|page|next_page|continuation|sync)_token$",
    r"(?:^|_)token_ids?$",
)
"""Keys that only look secret: counts, limits, names, places, times, the tokens of texts."""

KEY_HINTS: tuple[str, ...] = (
    "pass", "pwd", "secret", "token", "key", "auth", "cookie", "cred", "sess", "bearer", "jwt",
    "otp", "cvv", "cvc", "sig", "비밀번호", "패스워드",
)  # fmt: skip
"""One of these is in every key, in lower case, that :data:`SENSITIVE_KEYS` fit: a text without any
need not be searched for keys."""

_LONGEST_JUDGED = 128
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def normal_form(key: str) -> str:
    """The form in which a key is judged: ``X-Api-Key`` -> ``x_api_key``."""
    if len(key) > _LONGEST_JUDGED:
        key = key[-_LONGEST_JUDGED:]
    return _BETWEEN_WORDS.sub("_", _HUMP.sub("_", key)).strip("_").lower()


@cache
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that fits wherever any of ``patterns`` does. Raises ``ValueError``."""
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
    except re.error as error:
        raise ValueError(f"a key pattern is no regular expression: {error}") from error
