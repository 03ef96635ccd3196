"""Run the audit: ``python -m examples.environment_audit``."""

import sys

from examples.environment_audit.main import main

sys.exit(main())
