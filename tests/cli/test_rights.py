"""Every command, run by everybody who has a key: in or out, exactly as the table of rights says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from principals import PRINCIPALS, Principal, key_of, table_says

from gisgov.cli import session
from gisgov.cli.admission import asked_first
from gisgov.cli.main import gisgov
from gisgov.cli.output import commands
from gisgov.cli.session import open_database
from gisgov.errors import NotAllowed
from gisgov.governance.access import Extent, rights_table
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

TABLE = rights_table()
LEAVES = {path: command for path, command in commands(gisgov) if not isinstance(command, click.Group)}
# The barest words that a command takes, if it needs any; FILE stands for a file that is there, OUT for one to
# be written. Commands that work on files alone never come to the database.
WORDS = {
    "gisgov account add": "new",
    "gisgov account delete": "none",
    "gisgov account department": "none --none",
    "gisgov account disable": "none",
    "gisgov account enable": "none",
    "gisgov account password": "none",
    "gisgov account roles": "none --none",
    "gisgov db dump": "OUT",
    "gisgov db restore": "FILE",
    "gisgov account show": "none",
    "gisgov assign": "FILE --layer street --out OUT.csv --crs wgs84",
    "gisgov blocks build": "--streets FILE --scope none",
    "gisgov blocks population": "--scope none --buildings stored",
    "gisgov check": "none",
    "gisgov device list": "",
    "gisgov device report": "none online",
    "gisgov device statistics": "--layer street",
    "gisgov draft assign": "none 1 --to 2",
    "gisgov draft branch": "none new",
    "gisgov draft fill": "none",
    "gisgov draft lock": "none 1",
    "gisgov draft log": "none",
    "gisgov draft merge": "none 1 2",
    "gisgov draft move-border": "none 1 2 --line 114,22.5;114.1,22.5",
    "gisgov draft new-area": "none 1",
    "gisgov draft rebase": "none",
    "gisgov draft redivide": "none 1",
    "gisgov draft redo": "none",
    "gisgov draft rename": "none 1 --name x",
    "gisgov draft restore": "none x",
    "gisgov draft show": "none",
    "gisgov draft snapshot": "none x",
    "gisgov draft split": "none 1 --parts 2",
    "gisgov draft undo": "none",
    "gisgov draft unlock": "none 1",
    "gisgov category permit": "approve A001",
    "gisgov category show": "A001",
    "gisgov event history": "1",
    "gisgov event list": "",
    "gisgov event show": "1",
    "gisgov event report": "--level 1",
    "gisgov event step": "1 accept",
    "gisgov import areas": "FILE --layer street --crs wgs84",
    "gisgov import assignments": "FILE --plan none",
    "gisgov import buildings": "FILE --source x --crs wgs84",
    "gisgov import calendar": "FILE",
    "gisgov coverage patrol": "--layer grid",
    "gisgov coverage service": "--layer grid",
    "gisgov coverage visits": "--layer grid",
    "gisgov import care": "FILE",
    "gisgov import categories": "FILE",
    "gisgov import departments": "FILE",
    "gisgov import devices": "FILE",
    "gisgov import hazards": "FILE",
    "gisgov import exceptions": "FILE",
    "gisgov import service-points": "FILE",
    "gisgov import events": "FILE --source x --crs wgs84",
    "gisgov import staff": "FILE --layer street",
    "gisgov job cancel": "0",
    "gisgov job log": "0",
    "gisgov job result": "0 name",
    "gisgov job retry": "0",
    "gisgov job show": "0",
    "gisgov job watch": "0",
    "gisgov key add": "none",
    "gisgov key list": "none",
    "gisgov key revoke": "none",
    "gisgov key rotate": "none",
    "gisgov layers load": "sub-grids",
    "gisgov layers show": "street",
    "gisgov lineage": "none",
    "gisgov map comparison": "none other OUT.html",
    "gisgov map devices": "--out OUT",
    "gisgov map events": "--out OUT",
    "gisgov map grids": "--out OUT",
    "gisgov map risk": "--out OUT",
    "gisgov map risk-change": "--out OUT --from 2026-01-01",
    "gisgov map risk-hotspots": "--out OUT",
    "gisgov map service": "--out OUT",
    "gisgov map vacancies": "--out OUT",
    "gisgov plan compare": "none other",
    "gisgov plan annex": "none OUT.pdf",
    "gisgov plan delete": "none",
    "gisgov plan export": "none OUT",
    "gisgov plan preview": "none",
    "gisgov plan publish": "none --from 2026-01-01",
    "gisgov plan retire": "none --to 2026-01-01",
    "gisgov plan show": "none",
    "gisgov plan withdraw": "none --reason x",
    "gisgov policy adopt": "time-limits FILE",
    "gisgov redivide": "--layer street --plan none",
    "gisgov repair apply": "none --proposals FILE --as new",
    "gisgov repair propose": "none --out OUT",
    "gisgov resolve": "114 22.5",
    "gisgov risk diff": "a b",
    "gisgov risk history": "none",
    "gisgov risk preview": "none",
    "gisgov risk propose": "--example",
    "gisgov risk put-in-force": "none --reason x",
    "gisgov risk why": "none",
    "gisgov staff appoint": "street S 网格长 王",
    "gisgov staff end": "1",
    "gisgov staff list": "street",
    "gisgov staff vacancies": "street",
    "gisgov statistics show": "--layer street",
    "gisgov statistics transfer": "FILE --from-plan none --onto-plan none",
    "gisgov statistics events": "--layer none",
    "gisgov hazard record": "1 --source x --building none --kind fire --found 2026-01-01",
    "gisgov hazard show": "1",
    "gisgov hazard statistics": "--layer street",
    "gisgov hazard step": "1 rectify",
    "gisgov whistle answer": "1 --department x --answer x",
    "gisgov whistle call": "1 --department x --reason x",
    "gisgov whistle close": "1 --reason x",
}
OF_FILES = {"gisgov repair undo", "gisgov codes number", "gisgov map defects"}


def test_every_command_has_its_row_and_no_row_is_left_over() -> None:
    assert sorted(LEAVES) == sorted(one for one in TABLE.operations if one.startswith("gisgov "))


def test_every_command_asks_first() -> None:
    for path, command in LEAVES.items():
        assert hasattr(command.callback, "is_guarded"), path


@pytest.fixture
def keys(database: Database, plant: Callable[..., None]) -> Callable[[Principal], str]:
    """Give somebody's key."""
    names, shapes = areas_from_grid("S", cell_m=1)
    plant("street", dict(zip(names, shapes, strict=True)))

    return lambda who: key_of(database, who)["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("who", [one for one in PRINCIPALS if one.has_account], ids=str)
def test_every_command_comes_to_the_database_for_whom_the_table_says(
    keys: Callable[[Principal], str],
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    who: Principal,
) -> None:
    monkeypatch.setenv("GISGOV_DATABASE_URL", database_url)
    monkeypatch.setenv("GISGOV_KEY", keys(who))
    # one connection for all of them, left open for the next: to open another takes longer than to ask
    monkeypatch.setattr(session, "connect", lambda _: database)
    with monkeypatch.context() as patch:
        patch.setattr(database, "dispose", lambda: None)
        answers = {path: comes_in(path, command) for path, command in LEAVES.items()}
    assert answers == {path: table_says(TABLE.right_of(path), who) for path in LEAVES}


def comes_in(path: str, command: click.Command) -> bool:
    """Run the guard of a command around the opening of the database, and tell whether it came so far."""
    opened = asked_first(lambda: open_database(as_it_is=True))  # its version is looked at elsewhere
    try:
        with click.Context(command, info_name=path):
            opened()
    except NotAllowed:
        return False
    return True


def test_commands_that_need_a_right_say_so_when_they_are_run(
    keys: Callable[[Principal], str], cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file.csv").write_text("id,lon,lat,code,time\n1,114,22.5,1,2026-01-01\n", encoding="utf-8")
    files = {"FILE": str(tmp_path / "file.csv"), "OUT": str(tmp_path / "out.html")}
    monkeypatch.setenv("GISGOV_KEY", keys(Principal("idle")))
    for path in sorted(set(LEAVES) - OF_FILES):
        needs = TABLE.right_of(path).extent
        if needs in (Extent.OPEN, Extent.SELF):
            continue
        ran = cli(*path.split()[1:], *(files.get(word, word) for word in WORDS.get(path, "").split()))
        assert ran.status == 2, path
        by = "is for the operator" if needs is Extent.OPERATOR else f"idle has no right to {path}"
        assert by in ran.stderr, path
