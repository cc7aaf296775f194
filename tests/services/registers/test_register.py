"""The register of categories: proposed from files, decided about, and found by what events say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import sqlalchemy as sa

from gisgov.errors import ConflictError, FileError, InputError, NotAllowed, NotFoundError, RowsRefused
from gisgov.governance.access import Actor, ActorKind, Errand, Grant, Role
from gisgov.governance.register import Permit, PermitAct
from gisgov.services.importing.points import PointImport, import_events
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import Absent, CategoriesImport
from gisgov.services.registers.classifying import EventsClassified, classify
from gisgov.services.registers.department_import import DepartmentsImport, import_departments
from gisgov.services.registers.listing import list_categories, list_departments, show_category
from gisgov.services.registers.permitting import give_permits
from gisgov.services.registers.reports import PermitDecision, PermitsGiven
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.registers import categories_in_force, category_of

ZONE = ZoneInfo("Asia/Shanghai")
JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
DEPARTMENTS = "部门编码,部门名称\nwater,水务局\nparks,公园中心\n"
FIRST = (
    "事项编码,事项名称,英文名称,职能,类别,性质,级别,责任部门,时限,网层,是否示例\n"
    "A1,积水,Standing water,隐患排查,排水,事件,二级,水务局,处置：3 工作日；全流程：5 日,3: street,是\n"
    "A2,路灯,Lamp,便民服务,设施,部件,1,parks,,,是\n"
    "A3,噪声,Noise,便民服务,,,2,,,,\n"
)


@pytest.fixture
def register(database: Database, tmp_path: Path) -> Database:
    """An empty register and two departments."""
    import_departments(database, DepartmentsImport(written(tmp_path / "departments.csv", DEPARTMENTS)))
    return database


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def propose(database: Database, tmp_path: Path, text: str = FIRST, **given: Any) -> tuple[int, ...]:
    path = written(tmp_path / "items.csv", text)
    done = import_categories(database, CategoriesImport(path, **given))
    assert done.rows_read == done.inserted + done.updated + done.unchanged + done.rejected
    return done.inserted, done.updated, done.unchanged, done.replaced, done.retirement_proposed


def decide(database: Database, act: str, *codes: str, **given: Any) -> PermitsGiven:
    asked = PermitDecision(PermitAct(act), codes, **{"all": not codes, **given})
    return give_permits(database, asked, today=MAY, timezone=ZONE)


def enforce(database: Database, day: date = JANUARY, *codes: str) -> PermitsGiven:
    decide(database, "approve", *codes)
    return decide(database, "enforce", *codes, day=day)


def standing(database: Database, code: str) -> list[tuple[str, date | None, date | None]]:
    found = show_category(database, code).versions
    return [(one.category.permit.value, one.category.valid_from, one.category.valid_to) for one in found]


def test_a_file_is_proposed_once(register: Database, tmp_path: Path) -> None:
    assert propose(register, tmp_path, reason="年度清单") == (3, 0, 0, 0, 0)
    assert propose(register, tmp_path) == (0, 0, 3, 0, 0)
    (version,) = show_category(register, "A1").versions
    told = version.category
    assert (told.title_en, told.function, told.group, told.kind, told.level, told.department) == (
        "Standing water", "隐患排查", "排水", "event", "2", "水务局",
    )  # fmt: skip
    assert told.limits == {
        "handling": {"amount": 3, "unit": "working-days"},
        "case": {"amount": 5, "unit": "days"},
    }
    assert (told.layers, told.is_example, told.source) == ({"3": "street"}, True, "items")
    assert [act.value for act in told.acts] == ["approve", "refuse"]
    assert [(one.permit, one.reason) for one in version.permits] == [("proposed", "年度清单")]
    assert [one.group for one in list_categories(register, at=MAY, permit=Permit.PROPOSED)] == [
        "排水", "设施", "便民服务",
    ]  # fmt: skip
    with register.begin() as connection:
        assert not categories_in_force(connection, MAY)


def test_rows_with_problems_are_rejected_by_name(register: Database, tmp_path: Path) -> None:
    text = (
        "code,title,function,level,department,limits,layers,kind,example\n"
        "B1,好,f,2,,,,,\n"
        ",b,f,2,,,,,\n"
        "B 2,b,f,2,,,,,\n"
        "B3,b,f,2,,,,,\nB3,b,f,2,,,,,\n"
        "B4,,,,,,,,\n"
        "B5,b,f,9,nobody,handling 3,x: y,thing,perhaps\n"
        "B6,b,f,2,,,,,,more\n"
    )
    path, rejects = written(tmp_path / "items.csv", text), tmp_path / "rejects.csv"
    with pytest.raises(RowsRefused, match=r"7 of the 8 rows of items.csv cannot be imported"):
        import_categories(register, CategoriesImport(path, strict=True, rejects_path=rejects))
    done = import_categories(register, CategoriesImport(path, rejects_path=rejects, dry_run=True))
    assert (done.inserted, done.rejected, done.rejects_path) == (1, 7, str(rejects))
    told = {problem.row: [] for problem in done.problems}  # type: ignore[var-annotated]
    for problem in done.problems:
        told[problem.row].append(problem.message)
    assert told == {
        2: ["has no code"],
        3: ["has the code 'B 2'; codes are up to 40 signs without spaces and slashes"],
        4: ["shares its code with 1 other rows"],
        5: ["shares its code with 1 other rows"],
        6: ["names no title", "names no function", "names no level"],
        7: [
            "has 'thing' as its kind",
            "has '9' as its level",
            "names nobody, which is no department that is known",
            "has limits that cannot be: 'handling 3' is not of the form 'handling: 3 working-days'",
            "has layers that cannot be: 'x' is no level; there are 1, 2 and 3",
            "has 'perhaps' as its example",
        ],
        8: told[8],
    }
    assert len(pd.read_csv(rejects)) == 7
    assert list_categories(register, at=MAY, permit=Permit.PROPOSED) == ()  # it was a dry run
    with pytest.raises(InputError, match="called like the title"):
        propose(register, tmp_path, "code,function,level\nx,f,1\n")
    with pytest.raises(FileError, match="holds no rows"):
        propose(register, tmp_path, "code,title,function,level\n")


def test_strange_things_are_noted(register: Database, tmp_path: Path) -> None:
    path = tmp_path / "items.xlsx"
    rows = [(7, "同名", "f", "1", "1: moon"), (8, "同名", "f", "1", "")]
    pd.DataFrame(rows, columns=["n", "编码名", "大类", "级别", "网层"]).to_excel(path, index=False)
    done = import_categories(register, CategoriesImport(path, fields={"code": "n", "title": "编码名"}))
    assert (done.inserted, done.fields["code"]) == (2, "n")
    assert done.notes == (
        "7, 8 share their titles with others: events find them by code alone.",
        "There is no layer moon: routing passes it by until there is.",
    )
    enforce(register)
    with register.begin() as connection:
        known = categories_in_force(connection, MAY)
    assert category_of(known, "同名") is None
    assert [one and one.code for one in (category_of(known, "7"), category_of(known, None))] == ["7", None]
    assert (len(known), [*known], known["8"].version) == (2, ["7", "8"], 1)


def test_a_changed_item_waits_and_then_takes_the_place_of_the_former(
    register: Database, tmp_path: Path
) -> None:
    propose(register, tmp_path)
    assert len(enforce(register).categories) == 3
    changed = FIRST.replace("处置：3", "处置：2")
    assert propose(register, tmp_path, changed) == (0, 1, 2, 0, 0)
    assert propose(register, tmp_path, changed) == (0, 0, 3, 0, 0)
    assert propose(register, tmp_path, FIRST.replace("处置：3", "处置：1")) == (0, 1, 2, 1, 0)
    assert standing(register, "A1") == [
        ("in-force", JANUARY, None), ("refused", None, None), ("proposed", None, None),
    ]  # fmt: skip
    given = enforce(register, MARCH, "A1")
    assert [(one.version, one.valid_to) for one in given.closed] == [(1, MARCH)]
    assert standing(register, "A1")[0] == ("retired", JANUARY, MARCH)
    assert [one.permit for one in show_category(register, "A1").versions[0].permits] == [
        "proposed", "approved", "in-force", "retired",
    ]  # fmt: skip
    for day, version in ((JANUARY, 1), (date(2026, 2, 28), 1), (MARCH, 3)):
        (found,) = (one for one in list_categories(register, at=day, is_dated=True) if one.code == "A1")
        assert found.version == version
    # a file without the column of limits says nothing of them
    assert propose(register, tmp_path, "code,title,function,level\nA1,积水,隐患排查,2\n") == (0, 0, 1, 0, 0)
    propose(register, tmp_path, changed)
    with pytest.raises(ConflictError, match="begin after 2026-02-01: A1 from 2026-03-01"):
        enforce(register, date(2026, 2, 1), "A1")


def test_what_a_file_does_not_name_can_be_proposed_to_retire(register: Database, tmp_path: Path) -> None:
    propose(register, tmp_path)
    enforce(register)
    short = "\n".join(FIRST.splitlines()[:2])
    assert propose(register, tmp_path, short) == (0, 0, 1, 0, 0)
    assert propose(register, tmp_path, short, absent=Absent.RETIRE) == (0, 0, 1, 0, 2)
    assert propose(register, tmp_path, short, absent=Absent.RETIRE) == (0, 0, 1, 0, 0)
    waiting = [one.code for one in list_categories(register, at=MAY) if one.retirement_proposed]
    assert waiting == ["A2", "A3"]
    decide(register, "keep", "A2")
    with pytest.raises(ConflictError, match="begin after 2025-12-31"):
        decide(register, "retire", day=date(2025, 12, 31))
    assert [one.code for one in decide(register, "retire", reason="不再受理").categories] == ["A3"]
    assert standing(register, "A3") == [("retired", JANUARY, MAY)]
    assert show_category(register, "A3").versions[0].permits[-1].reason == "不再受理"
    assert [one.code for one in list_categories(register, at=MAY)] == ["A1", "A2"]
    assert propose(register, tmp_path) == (0, 1, 2, 0, 0)  # what has retired is proposed anew
    assert [(one.code, one.categories) for one in list_departments(register, at=MAY)] == [
        ("parks", 1), ("water", 1),
    ]  # fmt: skip


def test_decisions_that_cannot_be_name_what_can(register: Database, tmp_path: Path) -> None:
    propose(register, tmp_path, source="街道")
    with pytest.raises(ConflictError, match="Version 1 of item A1 is proposed") as caught:
        decide(register, "enforce", "A1")
    assert caught.value.hint == "What may be decided about it: approve, refuse."
    decide(register, "refuse", "A1", version=1)
    decide(register, "propose", "A1")
    assert [one.code for one in decide(register, "approve", source="街道").categories] == ["A1", "A2", "A3"]
    with pytest.raises(ConflictError, match="nothing to approve"):
        decide(register, "approve", source="街道")
    enforce_at = {"day": JANUARY}
    decide(register, "enforce", **enforce_at)
    decide(register, "propose-retirement", "A2")
    decide(register, "retire", "A2")
    with pytest.raises(ConflictError) as caught:
        decide(register, "approve", "A2")
    assert caught.value.hint == "What may be decided about it: nothing any more."
    contradictions: tuple[tuple[str, dict[str, Any]], ...] = (
        ("about all that wait", {"codes": ("A1",), "all": True}),
        ("None waits to propose", {"act": PermitAct.PROPOSE, "all": True}),
        ("narrows all that wait", {"codes": ("A1",), "source": "x"}),
        ("A version is of one item", {"codes": ("A1", "A2"), "version": 1}),
        ("To approve holds at once", {"codes": ("A1",), "day": MAY}),
    )
    for wrong, given in contradictions:
        asked = PermitDecision(**{"act": PermitAct.APPROVE, **given})
        with pytest.raises(InputError, match=wrong):
            give_permits(register, asked, today=MAY, timezone=ZONE)
    with pytest.raises(NotFoundError, match="'Z' in a version 2"):
        decide(register, "approve", "Z", version=2)
    with pytest.raises(NotFoundError, match="no item 'Z'"):
        show_category(register, "Z")
    with pytest.raises(InputError, match="is not asked of a day"):
        list_categories(register, at=MAY, permit=Permit.REFUSED, is_dated=True)
    assert list_categories(register, at=MAY, function="nothing") == ()


def events(database: Database, tmp_path: Path, *told: tuple[str, str]) -> dict[str, tuple[str, int] | None]:
    """Bring in events of a day and what they say, and return code and version of each."""
    rows = "".join(f"{i},{day}T08:00:00,{said},114.0,22.5\n" for i, (day, said) in enumerate(told))
    path = written(tmp_path / "events.csv", f"id,time,category,lon,lat\n{rows}")
    if told:
        import_events(database, PointImport(path=path, timezone=ZONE, day=MAY, crs="wgs84", source="patrol"))
    with database.begin() as connection:
        query = "SELECT external_id, code, version FROM event LEFT JOIN category ON category.id = category_id"
        found = connection.execute(sa.text(query)).all()
    return {key: None if code is None else (code, version) for key, code, version in found}


def test_events_get_the_item_that_they_say_and_keep_it(register: Database, tmp_path: Path) -> None:
    first = [("2025-06-01", "积水"), ("2026-02-01", " lamp"), ("2026-04-01", "A3"), ("2026-04-01", "未知")]
    assert events(register, tmp_path, *first) == {"0": None, "1": None, "2": None, "3": None}
    propose(register, tmp_path)
    decide(register, "approve")
    given = decide(register, "enforce", day=JANUARY)
    assert given.classified == 3
    expected = {"0": ("A1", 1), "1": ("A2", 1), "2": ("A3", 1), "3": None}
    assert events(register, tmp_path) == expected
    propose(register, tmp_path, FIRST.replace("Lamp", "Street lamp").replace("积水,", "内涝,"))
    enforce(register, MARCH)
    # new ones are classified as they come in; what was, stays; one that says otherwise now is told of it
    more = [*first[:3], ("2026-04-01", "噪声"), ("2026-04-01", "street lamp"), ("2026-02-01", "street lamp")]
    assert events(register, tmp_path, *more) == {
        **expected, "3": ("A3", 1), "4": ("A2", 2), "5": ("A2", 1),
    }  # fmt: skip
    assert classify(register, timezone=ZONE) == EventsClassified(0, 0)


def test_who_may(register: Database, tmp_path: Path) -> None:
    propose(register, tmp_path)
    with register.begin() as connection, as_owner(connection):
        account = connection.scalar(
            sa.text("INSERT INTO account (name, kind) VALUES ('m', 'client') RETURNING id")
        )
        connection.execute(
            sa.text("INSERT INTO account_role (account_id, role) VALUES (:id, 'manager')"), {"id": account}
        )
    actor = Actor("m", ActorKind.CLIENT, account, (Grant(Role.MANAGER),))
    manager = register.acting(actor, Errand("test", "here", "r-1", limit_s=20))
    assert propose(manager, tmp_path, FIRST.replace("Noise", "Loud")) == (0, 1, 2, 1, 0)
    assert show_category(manager, "A3").versions[-1].permits[0].by == "m"
    for decided in (lambda: decide(manager, "approve"), lambda: classify(manager, timezone=ZONE)):
        with pytest.raises(NotAllowed, match=r"registers\.approve"):
            decided()
