"""The processes of a server: what listens, what answers, and what ends with what."""
