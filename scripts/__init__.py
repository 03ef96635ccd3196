"""Programs for those who work on Everyrun."""
