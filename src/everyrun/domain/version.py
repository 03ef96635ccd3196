"""Which Everyrun this is. Kept here because asking the installed metadata takes 10 ms."""

VERSION = "0.1.0"
