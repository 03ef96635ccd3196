"""The language that a caller wants to be told things in."""


def preferred_language(header: str) -> str | None:
    """``ko`` or ``en``, whichever an Accept-Language prefers; None when it names neither."""
    best: tuple[float, str] | None = None
    for part in header.split(",")[:20]:
        name, _, parameters = part.strip().partition(";")
        language = name.strip().lower().partition("-")[0]
        if language not in {"ko", "en"}:
            continue
        quality = _quality(parameters)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return None if best is None else best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
