"""The reference is made from the code, and is what the code says now."""

from everyrun.scheduler import settings as scheduler_settings
from everyrun.server import settings as server_settings
from everyrun.store.tables import Base
from everyrun.tracking import settings as recorder_settings
from everyrun.workflows import settings as engine_settings
from scripts.write_reference import PAGES, REFERENCE, stale_pages


def test_the_generated_pages_are_up_to_date() -> None:
    assert [] == stale_pages(), "run: python -m scripts.write_reference"


def test_every_table_and_column_is_named() -> None:
    page = (REFERENCE / "tables.md").read_text()
    missing = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if f"## `{table.name}`" not in page or f"| `{column.name}` |" not in page
    ]

    assert [] == missing


def test_every_setting_is_named_and_described() -> None:
    rows = [line for line in (REFERENCE / "settings.md").read_text().splitlines() if "|" in line]
    undescribed = [
        variable
        for module in (recorder_settings, engine_settings, scheduler_settings, server_settings)
        for variable in module.VARIABLES.values()
        if not any(f"`{variable}`" in row and len(row.split("|")[4].strip()) > 10 for row in rows)
    ]

    assert [] == undescribed


def test_every_page_says_how_it_is_made() -> None:
    for name, page in PAGES.items():
        assert "python -m scripts.write_reference" in page(), name
