"""The report as one HTML page that needs nothing else: no script, no font, no address."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from examples.environment_audit.findings import Audit

TEMPLATE = "page.html.jinja"


def write_page(audit: Audit, path: Path) -> Path:
    """Write the page and answer where it lies. Names from packages are escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["amount"] = amount
    path.write_text(environment.get_template(TEMPLATE).render(audit=audit), encoding="utf-8")
    return path


def amount(count: int) -> str:
    """A number of bytes in words: ``12.3 MB``."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
