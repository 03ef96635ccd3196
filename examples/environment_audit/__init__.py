"""Audit the Python packages that are installed on this machine, with every step on record."""
