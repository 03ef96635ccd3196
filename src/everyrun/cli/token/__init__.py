"""``everyrun token``: the keys that programs come in with."""
