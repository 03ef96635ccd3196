"""A small Celery application for the page to show: pictures are resized, then published."""

import os
import time

from celery import Celery
from celery.utils.log import get_task_logger

from everyrun.integrations.celery import install

BROKER = "CELERY_GALLERY_BROKER"

app = Celery(
    "gallery",
    broker=os.environ.get(BROKER, "memory://"),
    backend=os.environ.get(BROKER, "cache+memory://"),
)
app.conf.update(broker_connection_retry_on_startup=True)
install(app)
logger = get_task_logger(__name__)


@app.task(name="gallery.resize")
def resize(picture: str) -> str:
    """Make a picture small; one of them cannot be read."""
    logger.info("resizing %s", picture)
    time.sleep(0.15)  # noqa: TID251 - what the page shows takes a while
    if picture == "broken.png":
        raise ValueError(f"cannot identify image file {picture!r}")
    return f"small/{picture}"


@app.task(name="gallery.publish")
def publish(pictures: list[str]) -> int:
    """Put pictures where people see them."""
    return len(pictures)
