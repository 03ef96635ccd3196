"""Measurements, each beside the physical limit of the same machine in the same run."""
