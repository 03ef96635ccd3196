"""Graphs run by the engine beside what the machine, and the best order, would allow."""
