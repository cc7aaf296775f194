"""Maps drawn as jobs: sheets to print, pages, and figures, as whoever asks may see what is on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gisgov.files.vector_output import write_vectors
from gisgov.governance.thematic import RiskMeasure
from gisgov.services.days import local_day
from gisgov.services.drawing_requests import PRINTED, RIGHTS, DrawingRequest, refuse_drawing
from gisgov.work import map_questions
from gisgov.work.attempt import Work
from gisgov.work.map_questions import MapGround

if TYPE_CHECKING:
    from maps.document import Document

_STEPS = ("read", "draw")


def do_drawing(work: Work) -> None:
    """Draw a map, with the rights that whoever asked has now."""
    request = DrawingRequest.read(work.job.parameters["request"])
    refuse_drawing(work.database, request)
    path = work.results / request.file_name
    document = None
    for step in work.progress(_STEPS, label=f"drawing {request.what}", total=len(_STEPS)):
        if step == "read":
            ground = ground_of(work, request)
            document = document_of(ground, request)
        elif document is not None:
            _write(document, ground, request, path, assets=Path(work.order.assets))
    work.log(f"{request.what} drawn to {request.file_name}, {path.stat().st_size / 1e6:.2f} MB.")


def ground_of(work: Work, request: DrawingRequest) -> MapGround:
    """Return the areas that a map is drawn on: those that its right reaches."""
    zone = work.order.zone
    within = None
    if request.area is not None and request.area_layer is not None:
        within = (request.area_layer, request.area)
    return MapGround.of_day(
        work.database,
        request.layer,
        request.at or local_day(None, zone),
        zone=zone,
        language=request.language,
        title=request.title,
        right=RIGHTS[request.what],
        within=within,
    )


def document_of(ground: MapGround, request: DrawingRequest) -> Document:
    """Return the answer to the question of a map, with the slots of its sheet."""
    from maps.document import Slots

    slots = Slots(request.review_number or "", request.secrecy or "")
    return replace(_asked(ground, request), slots=slots)


def _asked(ground: MapGround, request: DrawingRequest) -> Document:
    match request.what:
        case "grids":
            return map_questions.grids(ground)
        case "loads":
            return map_questions.loads(ground)
        case "risk":
            return map_questions.risk(ground, measure=RiskMeasure(request.measure), rated=request.rated)
        case "risk-change":
            last = request.last or ground.at
            first = request.first or last - timedelta(days=1)
            return map_questions.risk_change(ground, first, last)
        case "hotspots":
            from maps.hotspot_units import Asked

            return map_questions.hotspots(
                ground, Asked(measure=RiskMeasure(request.measure)), rated=request.rated
            )
        case "events":
            return map_questions.events(ground, request.first, request.last)
        case "vacancies":
            return map_questions.vacancies(ground)
        case "service":
            return map_questions.service(ground)
        case "devices":
            return map_questions.devices(ground)


def _write(
    document: Document, ground: MapGround, request: DrawingRequest, path: Path, *, assets: Path
) -> None:
    if request.format in PRINTED:
        from maps.printing import draw_print

        form: Literal["png", "pdf"] = "png" if request.format == "png" else "pdf"
        paper: Literal["a3", "a4"] = "a3" if request.paper == "A3" else "a4"
        path.write_bytes(
            draw_print(document, format=form, paper=paper, portrait=request.portrait, view=request.view)
        )
    elif request.format == "html":
        from maps.assets import WebAssets
        from maps.page import compose

        path.write_text(compose(document, WebAssets.read(assets)), encoding="utf-8")
    elif request.format == "gpkg":
        from maps.figures import frames_of

        for name, frame in frames_of(document).items():
            write_vectors(frame, path, name)
        if request.what == "risk":
            write_vectors(_points(ground, request.rated), path, "building_points")
    else:
        from maps.figures import figures_file

        path.write_bytes(figures_file(document, request.format))


def _points(ground: MapGround, rated: date | None) -> Any:
    """Return the buildings as points, each with its class and why."""
    frame = map_questions.rated_buildings(ground, rated)
    frame = frame[frame.geometry.notna()].reset_index(drop=True)
    frame["id"] = frame["id"].astype("int64")
    frame["risk_reasons"] = [
        "；".join(one) if isinstance(one, tuple) else None for one in frame["risk_reasons"]
    ]
    columns = (
        *("id", "external_id", "name", "use", "floors", "built_year", "households", "population"),
        *("risk_class", "risk_points", "risk_reasons", "risk_rules_version", "grid_code"),
    )
    return frame.set_geometry(frame.geometry.representative_point())[[*columns, "geometry"]]
