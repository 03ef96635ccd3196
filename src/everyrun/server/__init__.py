"""The server: what other machines and the page talk to."""
