"""What changed lately, in the order in which it was committed, and how long that is kept.

Whoever writes something that a page shows tells of it here, in the same transaction.
Why it is read as it is: ``docs/decisions/0014-changes-are-read-in-commit-order.md``.
"""
