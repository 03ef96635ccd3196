"""Graphs: defined, validated, planned, run."""
