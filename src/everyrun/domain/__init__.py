"""The words everything else is said in: events, statuses, payloads, errors and ports.

Imports nothing of Everyrun's other rooms and no database, web or terminal library.
"""
