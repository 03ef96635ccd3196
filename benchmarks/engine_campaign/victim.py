"""A process that takes an execution to its end, unless it is killed on the way.

python -m benchmarks.engine_campaign.victim URL EXECUTION_ID
"""

import sys

from everyrun.domain.status import Status
from everyrun.store.database import open_database
from everyrun.workflows.controlling import AlreadySettled
from everyrun.workflows.running import Engine


def main() -> int:
    url, execution_id = sys.argv[1:]
    database = open_database(url)
    engine = Engine(database)
    try:
        status = engine.run(execution_id).status
    except AlreadySettled:  # the one before was killed when nothing was left to do
        status = Status.COMPLETED
    engine.close()
    database.close()
    return 0 if status == Status.COMPLETED else 1


if __name__ == "__main__":
    sys.exit(main())
