from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from gisgov.embedded.clients import client, connection, psql
from gisgov.embedded.dumps import dump, restore, tables_version
from gisgov.errors import DatabaseUnavailable, FileError, ProgramMissing
from gisgov.store.database import Database
from gisgov.store.migrating import newest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "town.dump"


def _write(database: Database, name: str) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO code_scheme (name, definition) VALUES (:name, '{}')"), {"name": name}
        )


def _names(database: Database) -> list[str]:
    with database.begin() as connection:
        return sorted(connection.execute(sa.text("SELECT name FROM code_scheme")).scalars())


def test_a_dump_restores_into_an_empty_database(
    database_url: str, bare_database_url: str, file: Path
) -> None:
    database, restored = Database(database_url), Database(bare_database_url)
    _write(database, "国标")

    size = dump(client("pg_dump"), database_url, file)
    restore(client("pg_restore"), bare_database_url, file)

    assert size == file.stat().st_size
    assert tables_version(client("pg_restore"), file) == newest()
    assert _names(restored) == ["国标"]
    database.dispose()
    restored.dispose()


def test_a_dump_takes_the_place_of_what_is_there(database: Database, database_url: str, file: Path) -> None:
    _write(database, "before")
    dump(client("pg_dump"), database_url, file)
    _write(database, "after")

    restore(client("pg_restore"), database_url, file)

    assert _names(database) == ["before"]


def test_a_restore_that_fails_changes_nothing(database: Database, database_url: str, file: Path) -> None:
    _write(database, "before")
    dump(client("pg_dump"), database_url, file)
    _write(database, "after")
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE mine (layer_id INT REFERENCES layer (id))"))

    with pytest.raises(DatabaseUnavailable, match=r"^pg_restore failed: .*cannot drop .*\.$"):
        restore(client("pg_restore"), database_url, file)

    assert _names(database) == ["after", "before"]


def test_a_dump_that_was_cut_off_changes_nothing(database: Database, database_url: str, file: Path) -> None:
    _write(database, "before")
    dump(client("pg_dump"), database_url, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DatabaseUnavailable, match="pg_restore failed"):
        restore(client("pg_restore"), database_url, file)

    assert _names(database) == ["before"]


def test_a_dump_of_a_database_that_is_not_there(database_url: str, file: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"pg_dump failed: .*does not exist"):
        dump(client("pg_dump"), database_url.replace("/test_", "/no_test_"), file)
    assert list(file.parent.iterdir()) == []


def test_a_dump_into_a_folder_that_is_not_there(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere/town\.dump cannot be written: No such file or directory"):
        dump(client("pg_dump"), database_url, tmp_path / "nowhere" / "town.dump")


def test_a_file_that_is_no_dump(file: Path) -> None:
    with pytest.raises(FileError, match="There is no file"):
        tables_version(client("pg_restore"), file)

    file.write_text("SELECT 1;", encoding="ascii")
    with pytest.raises(FileError, match="is not a dump that pg_restore can read: "):
        tables_version(client("pg_restore"), file)


def test_a_dump_of_something_else(bare_database_url: str, file: Path) -> None:
    dump(client("pg_dump"), bare_database_url, file)

    with pytest.raises(FileError, match="but not of a database of gisgov"):
        tables_version(client("pg_restore"), file)


def test_a_password_is_not_on_the_command_line() -> None:
    text, environment = connection("postgresql+psycopg://ann:s%40cret@db.example:5433/town?sslmode=require")

    assert text == "postgresql://ann@db.example:5433/town?sslmode=require"
    assert environment["PGPASSWORD"] == "s@cret"


def test_a_password_of_the_environment_holds_for_clients_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "from outside")

    assert connection("postgresql://ann@db.example/town")[1]["PGPASSWORD"] == "from outside"
    assert connection("postgresql://ann:inside@db.example/town")[1]["PGPASSWORD"] == "inside"


def test_psql_runs_on_the_database(database_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert psql(client("psql"), database_url, ["-Atc", "SELECT '网格'"]) == 0
    assert capfd.readouterr().out == "网格\n"
    assert psql(client("psql"), database_url, ["-c", "nonsense"]) == 1


def test_ctrl_c_is_for_psql(monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        waits = 0

        def wait(self) -> int:
            self.waits += 1
            if self.waits == 1:
                raise KeyboardInterrupt
            return 0

    process = Process()
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: process)

    assert psql("psql", "postgresql://ann@db.example/town", []) == 0
    assert process.waits == 2


def test_clients_of_a_machine_without_a_server(
    folder: Path, program: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gisgov.embedded.programs._PLACES", ())
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ProgramMissing, match=r"psql is not installed\..*postgresql-client"):
        client("psql")

    program(folder / "psql", "exit 0")
    assert client("psql") == str(folder / "psql")
    with pytest.raises(ProgramMissing, match="psql is not installed"):
        client("psql", pg_bin=folder)
