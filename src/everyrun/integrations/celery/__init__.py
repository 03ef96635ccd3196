"""Celery on record: ``install(app)``, and every task and canvas of it is.

What happens where: ``publishing`` sees messages as they are sent and tells the whole canvas from
them (``shapes`` reads it); ``running`` sees tasks begin and end in the processes that run them;
``settling`` sees how they fail, retry and are called off, there or in the worker's main process.
``joining`` and ``belonging`` keep a canvas together: one header in every message. All of them
record through ``telling``. How to: ``docs/howto/put-celery-on-record.md``.
"""

from everyrun.integrations.celery.installing import install
from everyrun.integrations.celery.starting import start

__all__ = ["install", "start"]
