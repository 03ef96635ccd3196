"""``python -m everyrun.cli``."""

import sys

from everyrun.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
