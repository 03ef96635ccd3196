"""``everyrun user``: the people that come in with a browser."""
