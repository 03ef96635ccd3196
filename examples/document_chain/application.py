"""The Celery application: what an application of anybody's has, and one line that records it.

``DOCUMENT_CHAIN_BROKER`` says where its broker is. It has no result backend: the ledger is the
record.
"""

import os

from celery import Celery

from everyrun.integrations.celery import install

BROKER = "DOCUMENT_CHAIN_BROKER"

app = Celery(
    "document_chain",
    broker=os.environ.get(BROKER, "redis://localhost"),
    include=["examples.document_chain.stages"],
)
app.conf.update(
    task_ignore_result=True,
    task_compression="gzip",  # a whole document goes from stage to stage
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
)
install(app, include="pipeline.*")
