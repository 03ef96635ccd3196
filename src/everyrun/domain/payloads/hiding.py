"""How a program says what must never be shown: :class:`Secret` and :func:`register_secret`."""

from everyrun.domain.payloads.registering import MASK, REGISTRY


class Secret:
    """A value that is never shown: ``Secret("x").reveal()`` gives it back, all else shows ``***``.

    It registers its value (see :func:`register_secret`). Two secrets are compared in constant
    time. Pickling keeps the value, so that it reaches worker processes.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"a Secret holds text, not {type(value).__name__}")
        self.__value = value
        REGISTRY.add(value)

    def reveal(self) -> str:
        """The value, in the clear."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, specification: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        ours = self.__value.encode("utf-8", "surrogatepass")
        return compare_digest(ours, other.reveal().encode("utf-8", "surrogatepass"))

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> tuple[type["Secret"], tuple[str]]:
        return type(self), (self.__value,)


def register_secret(value: object) -> None:
    """Hide ``value`` (text, bytes or a number) wherever it turns up in what is recorded.

    Holds for this process, for what is recorded from now on, in values, keys, messages and
    tracebacks. Its spellings in ``repr``, JSON and URLs are hidden too, and each long line of a
    value of several lines. Values of fewer than four characters are ignored: they would hide half
    of every text.
    """
    if isinstance(value, bytes | bytearray):
        REGISTRY.add(bytes(value).decode("utf-8", "surrogateescape"))
    elif isinstance(value, Secret):
        REGISTRY.add(value.reveal())
    else:
        REGISTRY.add(str(value))
