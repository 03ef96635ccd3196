"""Other people's databases, of which a node asks something: never the ledger's own tables' room.

``connecting`` opens and interrupts, ``binding`` puts values in their places, ``asking`` runs the
statements of a node in one transaction. Only a node that runs imports these, and SQLAlchemy.
"""
