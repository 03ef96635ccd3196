"""The sole owner of SQL: tables, the one door for events, reading, migrations."""
