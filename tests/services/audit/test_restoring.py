"""A dump takes the chain along, and it goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from gisgov.embedded.clients import client
from gisgov.embedded.dumps import dump, restore
from gisgov.services.audit import verify_audit
from gisgov.store.database import Database
from gisgov.store.migrating import migrate
from tests.support.audited_changes import fill


def test_a_restored_chain_is_verified_and_goes_on(
    database: Database, database_url: str, bare_database_url: str, tmp_path: Path
) -> None:
    fill(database, 5)
    with database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO code_scheme VALUES ('国标', '{}')")
    kept = verify_audit(database).head
    file = tmp_path / "town.dump"
    dump(client("pg_dump"), database_url, file)
    restored = Database(bare_database_url)
    try:
        restore(client("pg_restore"), bare_database_url, file)
        migrate(restored)
        found = verify_audit(restored, expect=kept)
        assert found.intact
        assert found.head == kept
        fill(restored, 2)
        with restored.begin() as connection:
            connection.exec_driver_sql("DELETE FROM code_scheme")
        again = verify_audit(restored, expect=kept)
        assert (again.intact, again.entries) == (True, found.entries + 3)
        with (
            pytest.raises(sa.exc.DBAPIError, match="can only be added to"),
            restored.begin() as connection,
        ):
            connection.exec_driver_sql("DELETE FROM audit_link")
    finally:
        restored.dispose()
