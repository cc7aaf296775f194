"""What is answered about drafts: with their revision as the tag, and areas to draw on wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter
from starlette.responses import Response

from gisgov.services.editing.drawing import DrawnAreas, draw_areas
from gisgov.services.editing.reports import EditReport
from gisgov.services.editing.showing import DraftReport
from gisgov.store.database import Database

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EditAnswer(EditReport):
    """What an operation did, and, on wish, the changed areas to draw."""

    geojson: DrawnAreas | None = None


@dataclass(frozen=True, slots=True)
class DraftAnswer(DraftReport):
    """A draft as it is, and, on wish, its areas to draw."""

    geojson: DrawnAreas | None = None


def edit_answer(database: Database, done: EditReport, *, geometry: bool) -> EditAnswer:
    """Return the answer to an operation."""
    drawn = draw_areas(database, done.plan, [one.code for one in done.areas]) if geometry else None
    return EditAnswer(**_members(done), geojson=drawn)


def draft_answer(database: Database, found: DraftReport, *, geometry: bool) -> DraftAnswer:
    """Return the answer to a question for a draft."""
    drawn = draw_areas(database, found.plan.name) if geometry else None
    return DraftAnswer(**_members(found), geojson=drawn)


def tagged(kind: type[Result], answer: Result, revision: int) -> Response:
    """Return an answer that names the revision of the draft as its tag."""
    body = TypeAdapter(kind).dump_json(answer)
    headers = {"ETag": f'"{revision}"', "Cache-Control": "no-cache"}
    return Response(body, media_type="application/json", headers=headers)


def _members(report: EditReport | DraftReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__dataclass_fields__}
