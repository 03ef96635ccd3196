"""Node types are light: what one needs is loaded when it runs."""

import subprocess
import sys

HEAVY = ("httpx", "sqlalchemy", "apprise", "python_calamine", "xlsxwriter", "psycopg", "zoneinfo")
PROGRAM = f"""
import sys
from everyrun.nodes import catalogue
kinds = [catalogue.find(name) for name in catalogue.BUILT_IN]
for kind in kinds:
    catalogue.schema_of(kind)
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_finding_and_describing_every_node_type_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True
    )

    assert ("", "") == (done.stdout.strip(), done.stderr)
