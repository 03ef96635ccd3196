"""Talking to an Everyrun server from Python."""
