"""The catalogue of what the command line says. Gaps have the same names in both languages."""

from everyrun.cli.sentences import (
    errors,
    headings,
    ledger,
    quantities,
    reading,
    recording,
    running,
    statistics,
)
from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    **errors.SENTENCES,
    **quantities.SENTENCES,
    **headings.SENTENCES,
    **reading.SENTENCES,
    **statistics.SENTENCES,
    **recording.SENTENCES,
    **running.SENTENCES,
    **ledger.SENTENCES,
}
