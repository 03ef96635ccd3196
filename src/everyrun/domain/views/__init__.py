"""What the ledger answers, one file a subject: the server encodes these, its clients decode them.

Times are aware UTC and durations seconds, unless a name says otherwise.
"""
