"""``everyrun serve`` and ``everyrun up``."""
