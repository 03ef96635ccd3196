"""The first page: what this is, and where to go from here."""

from html import escape

from everyrun.domain.version import VERSION
from everyrun.server.pages.drawing import page

_WORDS = {
    "en": (
        "Every run, on record.",
        "This server takes in what your programs record, runs workflows, and answers what ran.",
        "The API, described",
        "From the command line",
        "Sign in",
        "The page has not been built. In a checkout: python -m scripts.build_web",
    ),
    "ko": (
        "모든 실행을 기록합니다.",
        "프로그램이 보내는 기록을 받고, 워크플로우를 실행하고, 무엇이 실행되었는지 답합니다.",
        "API 설명",
        "명령줄에서",
        "로그인",
        "페이지를 아직 빌드하지 않았습니다. 소스에서: python -m scripts.build_web",
    ),
}


def draw_index(address: str, language: str) -> str:
    """The page at ``/``; ``address`` is the server's own."""
    slogan, what, api, shell, sign_in, unbuilt = _WORDS[language]
    commands = f"export EVERYRUN_URL={address}\nexport EVERYRUN_TOKEN=…\neveryrun list"
    return page(
        "Everyrun",
        f"<h1>Everyrun {escape(VERSION)}</h1><p><strong>{escape(slogan)}</strong> "
        f'{escape(what)}</p><p><a href="api/docs">{escape(api)}</a> · '
        f'<a href="login">{escape(sign_in)}</a></p>'
        f"<h2>{escape(shell)}</h2><pre><code>{escape(commands)}</code></pre>"
        f"<p>{escape(unbuilt)}</p>",
        language,
    )
