"""How much one answer may hold."""

LONGEST_PAGE = 500
"""Items on a page of a list."""
