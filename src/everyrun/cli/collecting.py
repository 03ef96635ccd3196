"""How often a command looks for garbage that holds itself alive.

A command mostly loads modules and builds graphs: some 150,000 objects of which none is garbage. To
go through them all, as Python's own thresholds have it, takes 50 ms, in a cold start and again in
the run of a graph of 1,000 nodes. What is not in a circle is freed at once all the same.
"""

import gc

NEW_OBJECTS = 100_000
YOUNG_COLLECTIONS = 20


def collect_rarely() -> None:
    """Look for such garbage after every 100,000 new objects, instead of every 700."""
    gc.set_threshold(NEW_OBJECTS, YOUNG_COLLECTIONS, YOUNG_COLLECTIONS)
