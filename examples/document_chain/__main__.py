"""Run the chain over documents: ``python -m examples.document_chain``."""

import sys

from examples.document_chain.command import main

sys.exit(main())
