"""The catalogue of what the command line says. Gaps have the same names in both languages."""

from everyrun.cli.sentences import (
    access,
    batches,
    celery,
    controlling,
    errors,
    headings,
    ledger,
    quantities,
    reading,
    recording,
    running,
    schedules,
    serving,
    statistics,
    workflows,
)
from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    **errors.SENTENCES,
    **quantities.SENTENCES,
    **headings.SENTENCES,
    **reading.SENTENCES,
    **statistics.SENTENCES,
    **running.SENTENCES,
    **controlling.SENTENCES,
    **workflows.SENTENCES,
    **schedules.SENTENCES,
    **serving.SENTENCES,
    **batches.SENTENCES,
    **recording.SENTENCES,
    **ledger.SENTENCES,
    **access.SENTENCES,
    **celery.SENTENCES,
}
