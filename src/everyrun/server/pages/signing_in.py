"""The sign-in page, until the page comes: it loads nothing, and its script is named by its hash."""

import base64
import hashlib
from html import escape
from urllib.parse import quote, urlencode

from everyrun.server.pages.drawing import page

_SCRIPT = """
const say = (text) => { document.getElementById("problem").textContent = text; };
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    const fields = Object.fromEntries(new FormData(form));
    try {
      const answer = await fetch("/api/v1/login", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(fields),
      });
      if (answer.ok) {
        location.replace(document.body.querySelector("main").dataset.next);
        return;
      }
      const problem = await answer.json();
      say(problem.title);
    } catch (error) {
      say(String(error));
    }
  });
}
"""
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
SIGN_IN_POLICY = (
    f"default-src 'none'; script-src 'sha256-{_HASH}'; style-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of the page."""

_WORDS = {
    "en": {
        "title": "Sign in to Everyrun",
        "name": "Name",
        "password": "Password",
        "token": "Token",
        "or_token": "With a token",
        "sign_in": "Sign in",
        "provider": "Sign in with {provider}",
        "open_link": "Open the login link",
        "link_asks": "A login link was followed from another page. It opens once.",
        "script": "Names and tokens need JavaScript. A login link, as the server prints it "
        "when it starts, does not.",
    },
    "ko": {
        "title": "Everyrun 로그인",
        "name": "이름",
        "password": "비밀번호",
        "token": "토큰",
        "or_token": "토큰으로",
        "sign_in": "로그인",
        "provider": "{provider}(으)로 로그인",
        "open_link": "로그인 링크 열기",
        "link_asks": "다른 페이지에서 로그인 링크를 열었습니다. 한 번만 열립니다.",
        "script": "이름이나 토큰으로 로그인하려면 JavaScript가 필요합니다. "
        "서버가 시작할 때 출력하는 로그인 링크는 JavaScript 없이도 열립니다.",
    },
}


def draw_sign_in(
    language: str,
    next_path: str,
    *,
    problem: str = "",
    provider: str | None = None,
    link: str | None = None,
) -> str:
    """The page; with a ``link`` it asks whether to open it, for who was led to it from elsewhere.

    ``provider`` names who else vouches for people.
    """
    words = _WORDS[language]
    parts = [
        f'<main data-next="{escape(next_path)}"><h1>{escape(words["title"])}</h1>',
        f'<p id="problem" role="alert">{escape(problem)}</p>',
    ]
    if link is not None:
        target = "/login?" + urlencode({"link": link, "next": next_path})
        parts.append(
            f"<p>{escape(words['link_asks'])}</p>"
            f'<p><a href="{escape(target)}">{escape(words["open_link"])}</a></p>'
        )
    if provider is not None:
        target = f"/login/oidc?next={quote(next_path, safe='')}"
        text = words["provider"].format(provider=provider)
        parts.append(f'<p><a href="{escape(target)}">{escape(text)}</a></p>')
    parts += [
        _form(words, [("name", "text", "username"), ("password", "password", "current-password")]),
        f"<h2>{escape(words['or_token'])}</h2>",
        _form(words, [("token", "password", "off")]),
        f"<noscript><p>{escape(words['script'])}</p></noscript>",
        f"</main><script>{_SCRIPT}</script>",
    ]
    return page(words["title"], "".join(parts), language)


def _form(words: dict[str, str], fields: list[tuple[str, str, str]]) -> str:
    inputs = "".join(
        f"<p><label>{escape(words[name])}<br>"
        f'<input name="{name}" type="{kind}" autocomplete="{complete}" required></label></p>'
        for name, kind, complete in fields
    )
    return f"<form>{inputs}<p><button>{escape(words['sign_in'])}</button></p></form>"
