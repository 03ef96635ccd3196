"""What commands read and act through: a ledger that is opened here, or one behind a server.

``ports`` says what a command may ask; ``here`` answers from the database, ``there`` from a server.
No command knows which of them it has.
"""
