"""From waiting rows to the areas of a plan: compared with what it has, and added where they belong to it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gisgov.errors import NameTaken, PlanPublished
from gisgov.files.columns import REJECT_ROW
from gisgov.files.vectors import VectorSource
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.importing.area_judging import Judgement
from gisgov.services.importing.area_report import AreaImport
from gisgov.services.importing.area_targets import AreaTarget
from gisgov.store import waiting
from gisgov.store.drafts_foreign import written_otherwise
from gisgov.store.imports import record_batch
from gisgov.store.plans import StoredPlan, create_draft, update_draft
from gisgov.store.waiting import Comparison
from gisgov.types import Json


def store_waiting(
    connection: sa.Connection,
    request: AreaImport,
    source: VectorSource,
    target: AreaTarget,
    judgement: Judgement,
    system: CoordinateSystem,
    working: CoordinateSystem,
) -> Comparison:
    """Store the rows that wait, in a new draft or in the plan that exists.

    Returns
    -------
    Comparison
        How they differed from the plan before.

    Raises
    ------
    NameTaken
        The plan exists with other content.
    PlanPublished
        It is no draft any more, and the rows would change it.
    """
    plan_id = (
        target.plan.id
        if target.plan
        else create_draft(
            connection,
            name=target.name,
            layer_id=target.layer.id,
            working_crs=working.name,
            scope_code=target.scope.code,
            scope=target.scope.outline,
            author=request.author,
        )
    )
    compared = waiting.compare_areas(connection, plan_id)
    digest = sha256_of(request.path)
    files: list[Json] = list(target.plan.source.get("files", [])) if target.plan else []
    if target.plan is not None:
        belongs = request.add or any(file["sha256"] == digest for file in files)
        belongs |= REJECT_ROW in source.fields and any(file["rejected"] for file in files)
        _refuse_other_content(request, target.plan, compared, belongs=belongs)
    if compared.new:
        written_otherwise(connection, plan_id)
        waiting.insert_areas(connection, plan_id)
        rejected = len(judgement.bad_rows())
        files.append(
            {
                "file": request.path.name,
                "layer": source.layer,
                "sha256": digest,
                "crs": system.name,
                "rows": judgement.rows_read,
                "imported": compared.new,
                "rejected": rejected,
            }
        )
        update_draft(connection, plan_id, {"source": {"files": files}})
        record_batch(
            connection,
            {
                "kind": "areas",
                "file_name": request.path.name,
                "sha256": digest,
                "options": _options(request),
                "rows_read": judgement.rows_read,
                "rows_imported": compared.new,
                "rows_unchanged": compared.unchanged,
                "rows_rejected": rejected,
            },
        )
    return compared


def _refuse_other_content(
    request: AreaImport, plan: StoredPlan, compared: Comparison, *, belongs: bool
) -> None:
    """Refuse to turn a plan into another one; ``belongs`` says that the file may add to it."""
    if plan.status != "draft" and (compared.new or compared.changed):
        raise PlanPublished(
            f"Plan {plan.name!r} is {plan.status} and cannot take the areas of {request.path.name}.",
            hint="Import them as a plan of another name with --plan.",
        )
    differs = None
    if compared.changed:
        differs = f"{compared.changed} of its areas differ from those of {request.path.name}, the first is "
        differs += str(compared.first_changed)
    elif compared.new and not belongs:
        differs = f"it lacks {compared.new} areas of {request.path.name}, the first is {compared.first_new}"
    elif compared.lacking and not belongs:
        differs = f"{request.path.name} lacks {compared.lacking} of its areas, the first is "
        differs += str(compared.first_lacking)
    if differs is not None:
        or_add = "" if compared.changed else ", or say --add to add areas to the draft"
        raise NameTaken(
            f"Plan {plan.name!r} exists with other content: {differs}.",
            hint=f"Choose another name with --plan{or_add}.",
        )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file; of a Shapefile, of all that belongs to it."""
    digest = hashlib.sha256()
    others = (
        (path.with_suffix(suffix) for suffix in (".dbf", ".prj")) if path.suffix.lower() == ".shp" else ()
    )
    for part in (path, *(other for other in others if other.is_file())):
        with part.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _options(request: AreaImport) -> dict[str, Any]:
    """Return what was asked for, without what was left at its default, as JSON."""
    return {
        key: str(value) if isinstance(value, Path) else value
        for key, value in asdict(request).items()
        if value and key not in ("path", "day")
    }
