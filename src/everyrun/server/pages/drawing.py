"""Small HTML pages, every value escaped."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.55 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR",
  "NanumGothic", sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
a { color: LinkText; } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; display: grid; grid-template-columns: 4.2rem minmax(0, 1fr) auto;
  gap: .75rem; align-items: baseline; }
pre { overflow-x: auto; }
.method { font: 600 .8rem ui-monospace, monospace; }
.role { font-size: .8rem; opacity: .75; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-top: 1px solid var(--line); }
"""


def page(title: str, body: str, language: str) -> str:
    """A whole page around a body that is HTML already."""
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>"
    )
