"""A preview of a publication, done as a job: one document, and its lists as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from gisgov.files.table_output import write_table
from gisgov.services.days import local_day
from gisgov.services.publishing import PlanPreview, preview_plan
from gisgov.services.publishing.workload import Work as Workload
from gisgov.types import Json
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import admit_again

KIND: Final = "preview"
"""Kind of the jobs that preview a publication."""

_ADAPTER: Final = TypeAdapter(PlanPreview)


def do_preview(work: Work) -> None:
    """Say what publishing a draft will do, in ``preview.json`` and tables; nothing is changed.

    Raises
    ------
    GisgovError
        It cannot be previewed.
    """
    admit_again(work, "POST /v1/plans/{plan}/previews")
    asked = work.job.parameters["request"]
    told = preview_plan(
        work.database,
        asked["plan"],
        effective=_day(asked, "effective"),
        valid_to=_day(asked, "valid_to"),
        corrects=asked.get("corrects"),
        accept_defects=asked.get("accept_defects"),
        keep_codes=asked["keep_codes"],
        over_newer=asked.get("over_newer", False),
        timezone=work.order.zone,
        today=local_day(None, work.order.zone),
        progress=work.progress,
    )
    (work.results / "preview.json").write_bytes(_ADAPTER.dump_json(told, indent=2))
    for name, header, rows in _tables(told):
        write_table(work.results / f"{name}.csv", header, rows)
    work.log(f"{len(told.refusals)} reasons against it, {len(told.events):,} events change hands.")


def _day(asked: Json, name: str) -> date | None:
    return None if name not in asked else date.fromisoformat(asked[name])


def _tables(told: PlanPreview) -> Iterator[tuple[str, Sequence[str], list[Sequence[object]]]]:
    yield (
        "events",
        ("source", "external_id", "from_plan", "from_code", "to_plan", "to_code"),
        [
            (one.source, one.external_id, one.from_plan, one.from_code, one.to_plan, one.to_code)
            for one in told.events
        ],
    )
    yield (
        "posts",
        ("area_code", "role", "holder", "valid_from", "valid_to"),
        [(one.area_code, one.role, one.holder, one.valid_from, one.valid_to) for one in told.posts],
    )
    yield (
        "below",
        ("layer", "code", "name", "ended_parents", "crossed"),
        [
            (one.layer, one.code, one.name, " ".join(one.ended_parents), " ".join(one.crossed))
            for one in told.below
        ],
    )
    yield (
        "workload",
        ("code", "name", "events", "events_then", "visits", "visits_then", "population", "population_then"),
        [(one.code, one.name, *_sides(one.before, one.after)) for one in told.workload],
    )


def _sides(before: Workload | None, after: Workload | None) -> Iterator[int | None]:
    for name in ("events_per_year", "visits_per_year", "population"):
        yield from (None if one is None else getattr(one, name) for one in (before, after))
