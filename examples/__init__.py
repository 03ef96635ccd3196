"""Programs that show what Everyrun does."""
