"""Reading the ledger back: one module a page, each question bounded in the work it may cause.

Lists are ordered by id, which is birth, and read through indexes that end in it (``lanes``). Which
index answers which filters is decided in ``routes``. What no index answers exactly is searched a
bounded stretch at a time, and the answer says how far back it looked.
"""
