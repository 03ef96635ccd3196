"""``everyrun schedule``: when workflows start by themselves."""
