"""The only room that knows SQL: tables, one file per subject, ``sql/*.sql`` for set-based spatial work.

Functions here take a `sqlalchemy.Connection` that is inside a transaction; `gisgov.services` begins and
ends it with `gisgov.store.database.Database.begin`.
"""
