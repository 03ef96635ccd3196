"""A sink that an entry point can name."""


class UrlSink:
    """Is made of its URL, and only remembers it."""

    def __init__(self, url: str) -> None:
        self.url = url
