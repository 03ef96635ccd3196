"""The one function that hides secrets, shared by everything that is put on record.

Three ways to know one: its key (``password``), its value (registered), its shape in text (a URL
with a password, a bearer token, a private key). ``docs/reference/payloads.md`` lists the rules.
"""

from collections.abc import Iterable

from everyrun.domain.payloads.masking import (
    SHORTEST_SHAPE,
    SHORTEST_TOKEN,
    mask_shapes,
    may_hold_token,
)
from everyrun.domain.payloads.recognising import (
    HARMLESS_KEYS,
    KEY_HINTS,
    SENSITIVE_KEYS,
    any_of,
    normal_form,
)
from everyrun.domain.payloads.registering import REGISTRY, SecretRegistry

_VERDICTS_KEPT = 4096
_LONGEST_KEPT = 64
_LONGEST_SHAPE = 4096


class Redactor:
    """Hides secrets in text and says which keys name them.

    ``sensitive_keys`` and ``harmless_keys`` are regular expressions, searched for in a key's normal
    form (``apiKey`` -> ``api_key``); the harmless ones win. To add one:
    ``Redactor(sensitive_keys=(*SENSITIVE_KEYS, r"iban"))``. Without ``shapes`` text is searched for
    registered values only. Raises ``ValueError`` for a pattern that is no regular expression.
    """

    def __init__(
        self,
        *,
        sensitive_keys: Iterable[str] = SENSITIVE_KEYS,
        harmless_keys: Iterable[str] = HARMLESS_KEYS,
        shapes: bool = True,
        registry: SecretRegistry = REGISTRY,
    ) -> None:
        self._sensitive = tuple(sensitive_keys)
        self._harmless = tuple(harmless_keys)
        for patterns in (self._sensitive, self._harmless):
            if patterns not in (SENSITIVE_KEYS, HARMLESS_KEYS):
                any_of(patterns)
        self._hints = KEY_HINTS if self._sensitive == SENSITIVE_KEYS else None
        self._verdicts: dict[str, bool] = {}
        self.shapes = shapes
        self.registry = registry

    def is_sensitive(self, key: str) -> bool:
        """Whether what stands under ``key`` is to be hidden."""
        verdict = self._verdicts.get(key)
        if verdict is None:
            form = normal_form(key)
            verdict = bool(
                any_of(self._sensitive).search(form) and not any_of(self._harmless).search(form)
            )
            if len(key) <= _LONGEST_KEPT:
                if len(self._verdicts) >= _VERDICTS_KEPT:
                    self._verdicts.clear()
                self._verdicts[key] = verdict
        return verdict

    def text(self, text: str, *, code: bool = False) -> str:
        """``text`` with every secret in it replaced by ``***``.

        Takes time linear in the text's length: cut first, :attr:`margin` later than wanted. In
        ``code`` (lines of a program) only quoted values are hidden by their key.
        """
        text = self.registry.mask(text)
        if not self.shapes:
            return text
        masked = mask_shapes(text, self.is_sensitive, self._hints, code=code)
        return text if masked is text else self.registry.mask(masked)

    def is_harmless(self, text: str) -> bool:
        """Whether a quick look shows that ``text`` hides nothing. False proves nothing."""
        length = len(text)
        if length < SHORTEST_SHAPE - 1:
            return True
        registry = self.registry
        if not registry.is_empty and registry.is_in(text):
            return False
        if not self.shapes or length < SHORTEST_SHAPE:
            return True
        if "=" in text or ":" in text or "--" in text:
            return False
        return length < SHORTEST_TOKEN or not may_hold_token(text)

    def ends(self, text: str, room: int, *, code: bool = False) -> str:
        """``text`` redacted, without its middle where it is much longer than ``room`` characters.

        At least ``room`` characters of either end are kept, unless they are replaced.
        """
        margin = self.margin
        reach = room + margin
        if len(text) <= 2 * reach:
            return self.text(text, code=code)
        first, last = self.text(text[:reach], code=code), self.text(text[-reach:], code=code)
        first, last = first[: max(0, len(first) - margin)], last[margin:]
        gone = len(text) - len(first) - len(last)
        return f"{first}\n… [cut: {gone:,} characters]\n{last}"

    @property
    def margin(self) -> int:
        """Characters before a cut in which a secret may be cut in two: they cannot be shown."""
        return max(self.registry.longest, _LONGEST_SHAPE if self.shapes else 0)
