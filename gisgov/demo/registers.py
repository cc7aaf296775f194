"""The demo's registers: the departments and the 217 items of the example, put in force."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from fixtures.shipped import register_file
from gisgov.demo.event_report import RegisterSummary
from gisgov.governance.register import Permit, PermitAct
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import CategoriesImport
from gisgov.services.registers.classifying import classify
from gisgov.services.registers.department_import import DepartmentsImport, import_departments
from gisgov.services.registers.listing import list_categories, list_departments
from gisgov.services.registers.permitting import give_permits
from gisgov.services.registers.reports import PermitDecision
from gisgov.store.database import Database

_REASON = "演示数据，非真实决定"


def enforce_register(database: Database, *, day: date, timezone: ZoneInfo) -> None:
    """Propose the example's items and put them in force from a day on; what is decided already stays so.

    Items that somebody else proposed are left to them.
    """
    import_departments(database, DepartmentsImport(register_file("departments"), strict=True))
    path = register_file("categories")
    import_categories(database, CategoriesImport(path, strict=True, reason=_REASON))
    for act, waiting in ((PermitAct.APPROVE, Permit.PROPOSED), (PermitAct.ENFORCE, Permit.APPROVED)):
        found = list_categories(database, at=day, permit=waiting)
        if any(one.source == path.stem for one in found):
            since = day if act is PermitAct.ENFORCE else None
            asked = PermitDecision(act, all=True, source=path.stem, day=since, reason=_REASON)
            give_permits(database, asked, today=day, timezone=timezone)


def register_summary(database: Database, events: int, *, day: date, timezone: ZoneInfo) -> RegisterSummary:
    """Return how large the register is, and how many of the events that came in it knows."""
    items = list_categories(database, at=day)
    left = classify(database, timezone=timezone).left
    return RegisterSummary(
        items=len(items),
        functions=len({one.function for one in items}),
        departments=len(list_departments(database, at=day)),
        events=events,
        unclassified=left,
    )
