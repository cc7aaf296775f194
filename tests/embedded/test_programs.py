from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gisgov.embedded.programs import Programs, find_programs, postgres_version
from gisgov.errors import ProgramMissing

Install = Callable[..., Path]


def test_this_machine_has_one() -> None:
    found = find_programs()

    assert 14 <= found.major <= 18
    assert found.postgis
    assert Path(found.path("initdb")).exists()
    assert found.version.startswith(str(found.major))


def test_the_newest_with_postgis_is_taken(install: Install) -> None:
    places = [install("15.9"), install("17.10"), install("17.2"), install("18.1", postgis=None)]

    found = find_programs(places=places)

    assert (found.version, found.postgis, found.folder) == ("17.10", "3.4.2", places[1])


def test_a_newest_one_without_postgis_serves_as_client(install: Install) -> None:
    assert find_programs(places=[install("15.9"), install("18.1", postgis=None)], postgis=False).major == 18


def test_data_of_a_version_need_that_version(install: Install) -> None:
    assert find_programs(places=[install("15.9"), install("17.2")], major=15).version == "15.9"


def test_a_packagers_revision_belongs_to_the_version(install: Install) -> None:
    found = find_programs(install("16.4 (Debian 16.4-1.pgdg120+1)"))

    assert (found.major, found.version) == (16, "16.4 (Debian 16.4-1.pgdg120+1)")


def test_versions_that_gisgov_is_not_made_for_are_passed_over(install: Install) -> None:
    assert find_programs(places=[install("13.9"), install("15.1"), install("19.0")]).major == 15


def test_a_folder_that_was_named_may_hold_a_newer_version(install: Install) -> None:
    assert find_programs(install("19.1")).major == 19


def test_nothing_installed(folder: Path) -> None:
    with pytest.raises(ProgramMissing, match=r"^PostgreSQL is not installed in .*docker compose"):
        find_programs(folder)


def test_only_too_old(install: Install) -> None:
    with pytest.raises(ProgramMissing, match=r"^PostgreSQL 12 in .* is too old: 14 or newer is needed"):
        find_programs(install("12.3"))


def test_only_too_new_where_none_was_named(install: Install) -> None:
    with pytest.raises(ProgramMissing, match="No installed PostgreSQL is of version 14 to 18"):
        find_programs(places=[install("19.1")])


def test_no_postgis(install: Install) -> None:
    with pytest.raises(
        ProgramMissing, match=r"PostgreSQL 16 in .* has no PostGIS.*apt install postgresql-16-postgis-3"
    ):
        find_programs(places=[install("16.1", postgis=None)])


def test_data_of_a_version_that_was_uninstalled(install: Install) -> None:
    with pytest.raises(ProgramMissing, match="was made by PostgreSQL 15, but only 16, 17 is installed"):
        find_programs(places=[install("16.1"), install("17.1")], major=15)


def test_postgis_is_found_without_pg_config(install: Install) -> None:
    assert find_programs(install("16.1", pg_config=False)).postgis == "3.4.2"


def test_a_control_file_without_a_version(install: Install) -> None:
    programs = install("16.1")
    control = programs.parent / "share" / "postgresql" / "extension" / "postgis.control"
    control.write_text("comment = 'PostGIS'\n", encoding="utf-8")

    assert find_programs(programs).postgis == "?"


def test_a_pg_config_that_fails_is_done_without(
    install: Install, program: Callable[[Path, str], None]
) -> None:
    programs = install("16.1")
    program(programs / "pg_config", "exit 1")

    assert find_programs(programs).postgis == "3.4.2"


def test_programs_that_do_not_run(folder: Path, program: Callable[[Path, str], None]) -> None:
    program(folder / "postgres", "exit 127")
    program(folder / "initdb", "exit 127")

    with pytest.raises(ProgramMissing, match="not installed"):
        find_programs(folder)


def test_a_program_for_another_machine(folder: Path) -> None:
    (folder / "postgres").write_bytes(b"\x7fELF not for here")
    (folder / "postgres").chmod(0o755)

    assert postgres_version(folder) == ""


def test_a_program_that_is_not_there(folder: Path) -> None:
    with pytest.raises(ProgramMissing, match="pg_dump is not among PostgreSQL's programs"):
        Programs(folder, "16.1", 16, "3.4").path("pg_dump")


def test_the_path_is_looked_at(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gisgov.embedded.programs._PLACES", ())
    monkeypatch.setenv("PATH", str(install("16.3")))
    assert find_programs().version == "16.3"

    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing, match=r"^PostgreSQL is not installed\."):
        find_programs()
