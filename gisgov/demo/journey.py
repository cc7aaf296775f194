"""The whole path, step by step: generate, import, divide, publish, join, rate, check, resolve, draft, draw.

Run again it changes nothing: each step finds what it would make.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from fixtures.district import DEFAULT_SEED, District, generate
from fixtures.district.events import YEAR
from fixtures.shipped import profile, redivision_policy, risk_rules
from gisgov.demo.accounts import make_accounts
from gisgov.demo.drafting import draft_next
from gisgov.demo.events import live_year
from gisgov.demo.figures import (
    areas_in_force,
    crowded_place,
    layer_summary,
    point_summary,
    risk_counts,
    stored_edges,
    subgrid_figures,
)
from gisgov.demo.files import DistrictFiles, write_district
from gisgov.demo.hazards import record_year
from gisgov.demo.maps import draw_maps
from gisgov.demo.patrols import settle_patrols
from gisgov.demo.posts import import_posts, staffed
from gisgov.demo.registers import enforce_register, register_summary
from gisgov.demo.report import DemoReport, PointSummary
from gisgov.demo.stopwatch import Stopwatch, Tell
from gisgov.errors import ConflictError, NameTaken, PlanPublished
from gisgov.governance.layers import Targets
from gisgov.governance.profiles import Profile
from gisgov.services.blocks import store_blocks
from gisgov.services.checking import check_plan
from gisgov.services.days import local_day
from gisgov.services.following_risk import follow_from_now, link_new_events
from gisgov.services.importing.areas import AreaImport, import_areas
from gisgov.services.importing.points import PointImport, import_buildings
from gisgov.services.loading import load_profile
from gisgov.services.plans import list_plans, show_plan
from gisgov.services.publishing import publish_plan
from gisgov.services.rating import propose_rules, put_in_force
from gisgov.services.redividing import RedivisionRequest, redivide
from gisgov.services.resolving import resolve
from gisgov.store.database import Database
from gisgov.types import Progress, silent
from maps.assets import WebAssets

FIRST_DAY = date(YEAR, 1, 1)
"""From this day on the demo's plans are in force: the events of the whole year find their areas."""
LAST_DAY = date(YEAR, 12, 31)
"""The day that the demo looks at: all that is generated has happened."""

SUBGRIDS = "subgrid"
DRAFT = f"{SUBGRIDS}-{YEAR + 1}"
"""The plan after the one in force, which planners of the demo work on."""
_DRAWN = ("district", "street", "community")
_LAYERS = (*_DRAWN, SUBGRIDS)
_DECISION = "演示数据，非真实决定"
_AUTHOR = "gisgov demo"
_STEPS = 18


@dataclass(frozen=True, slots=True)
class _Journey:
    database: Database
    timezone: ZoneInfo
    progress: Progress
    watch: Stopwatch


def run_demo(
    database: Database,
    *,
    out: Path,
    assets: Path,
    indexes: Path,
    timezone: ZoneInfo,
    seed: int | None = None,
    scale: float = 1.0,
    event_building_m: float = 15.0,
    tell: Tell = lambda _: None,
    progress: Progress = silent,
) -> DemoReport:
    """Generate a district and take it through the whole path.

    Parameters
    ----------
    database : Database
        Where it is stored.
    out : pathlib.Path
        Folder for the maps; the district's files go to ``demo/`` in it.
    assets : pathlib.Path
        Folder of the built web assets, which the maps inline.
    indexes : pathlib.Path
        Folder of the indexes of areas, which the service shares.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.
    seed : int, optional
        Which district; the usual one by default.
    scale : float
        How large (1 is 155 km²).
    event_building_m : float
        How far from a building an event may lie and still concern it, metres.
    tell : callable
        Takes a line when a step begins and ends.
    progress : Progress
        Told of the work inside the steps.

    Returns
    -------
    DemoReport
        All figures of it.

    Raises
    ------
    ConflictError
        The database holds another demo district, or layers or plans of these names that are not its own.
    AssetsMissing
        The web assets were not built.
    """
    inlined = WebAssets.read(assets)  # before the work, not after it
    watch = Stopwatch(_STEPS, tell)
    journey = _Journey(database, timezone, progress, watch)
    with watch.step("generate the district"):
        district = generate(DEFAULT_SEED if seed is None else seed, scale=scale, progress=progress)
    with watch.step("write its files"):
        files = write_district(district, out / "demo")
    practice = profile("sub-grids")
    try:
        _store_areas(journey, practice, files)
        _store_subgrids(journey, district)
    except (PlanPublished, NameTaken) as error:
        raise ConflictError(
            f"The database holds another district than the one generated: {error.message}",
            hint="`gisgov db migrate --to base` empties it, `gisgov db migrate` makes new tables.",
        ) from error
    with watch.step("import the staff posts"):
        rosters = import_posts(database, practice, district, out / "demo", subgrids=SUBGRIDS, at=LAST_DAY)
    with watch.step("put the register of categories in force"):
        enforce_register(database, day=FIRST_DAY, timezone=timezone)
    buildings = _import_buildings(journey, files)
    with watch.step("settle service points, care and patrols"):
        rosters += settle_patrols(database, district, out / "demo", SUBGRIDS, LAST_DAY, timezone)
    events = live_year(
        database,
        district,
        files.events,
        indexes=indexes,
        layer=SUBGRIDS,
        days=(FIRST_DAY, LAST_DAY),
        timezone=timezone,
        watch=watch,
        progress=progress,
    )
    register = register_summary(database, events.sent, day=LAST_DAY, timezone=timezone)
    with watch.step("record the hazards of buildings"):
        hazards = record_year(database, files.hazards, layer=SUBGRIDS, day=LAST_DAY, timezone=timezone)
    rules = risk_rules()
    with watch.step("rate the buildings' risk"):
        link_new_events(database, within_m=event_building_m)
        propose_rules(database, rules)
        ratings = put_in_force(
            database,
            rules.version,
            reason=_DECISION,
            today=LAST_DAY,
            timezone=timezone,
            progress=progress,
        ).rating
        follow_from_now(database, today=local_day(None, timezone))
    with watch.step("check every plan"):
        checks = {layer: check_plan(database, plan_name(layer), progress=progress) for layer in _LAYERS}
    with watch.step("ask who answers for a place"):
        subgrids = areas_in_force(database, SUBGRIDS, LAST_DAY)
        lon, lat = crowded_place(subgrids)
        sample = resolve(database, lon, lat, at=LAST_DAY, timezone=timezone)
    with watch.step("make accounts"):
        accounts = make_accounts(
            database,
            street=str(district.streets["code"].iloc[0]),
            community=str(district.communities["code"].iloc[0]),
        )
    with watch.step("draft the next plan"):
        draft = draft_next(
            database,
            layer=SUBGRIDS,
            source=plan_name(SUBGRIDS),
            name=DRAFT,
            today=LAST_DAY,
            timezone=timezone,
            progress=progress,
        )
    with watch.step("draw the maps"):
        maps = draw_maps(
            database,
            out,
            assets=inlined,
            layer=SUBGRIDS,
            at=LAST_DAY,
            timezone=timezone,
            report=checks[SUBGRIDS],
            draft=draft,
            progress=progress,
        )
    return DemoReport(
        district_code=str(district.district["code"].iloc[0]),
        district_name=str(district.district["name"].iloc[0]),
        seed=district.seed,
        scale=scale,
        layers=tuple(
            layer_summary(show_plan(database, plan_name(layer)), checks[layer]) for layer in _LAYERS
        ),
        subgrids=subgrid_figures(
            subgrids,
            _targets(practice, SUBGRIDS),
            edges=stored_edges(database, str(district.district["code"].iloc[0])),
            in_practice=district.size.subgrids,
        ),
        staff=tuple(staffed(database, practice, layer, LAST_DAY) for layer in ("community", SUBGRIDS)),
        draft=draft,
        points=(buildings,),
        events=events,
        register=register,
        hazards=hazards,
        risk=risk_counts(ratings),
        rules_version=rules.version,
        sample=sample,
        files=tuple(str(path) for path in (*files, *rosters)),
        maps=tuple(str(path) for path in maps),
        steps=watch.steps,
        seconds=watch.seconds,
        accounts=accounts,
    )


def plan_name(layer: str) -> str:
    """Return the name of the demo's plan of a layer."""
    return f"{layer}-{YEAR}"


def _store_areas(journey: _Journey, practice: Profile, files: DistrictFiles) -> None:
    with journey.watch.step("import district, streets and communities"):
        load_profile(journey.database, practice)
        for layer in _DRAWN:
            request = AreaImport(
                path=files.areas,
                layer=layer,
                day=FIRST_DAY,
                file_layer=layer,
                code_field=("code",),
                name_field="name",
                parent_field=None if layer == _DRAWN[0] else "parent_code",
                population_field="population",
                households_field="households",
                plan=plan_name(layer),
                strict=True,
                author=_AUTHOR,
            )
            import_areas(journey.database, request, progress=journey.progress)
            _publish(journey, plan_name(layer))


def _store_subgrids(journey: _Journey, district: District) -> None:
    scope = str(district.district["code"].iloc[0])
    with journey.watch.step("store the blocks"):
        store_blocks(journey.database, district.blocks, scope_code=scope, edges=district.edges)
    with journey.watch.step("divide the communities into sub-grids"):
        known = {plan.name for plan in list_plans(journey.database, SUBGRIDS)}
        if plan_name(SUBGRIDS) not in known:
            redivide(
                journey.database,
                RedivisionRequest(
                    plan_name(SUBGRIDS), layer=SUBGRIDS, scope=scope, at=FIRST_DAY, author=_AUTHOR
                ),
                policy=redivision_policy(),
                today=FIRST_DAY,
                timezone=journey.timezone,
                progress=journey.progress,
            )
        _publish(journey, plan_name(SUBGRIDS))


def _publish(journey: _Journey, plan: str) -> None:
    """Publish a draft; a plan that is published already stays as it is."""
    if show_plan(journey.database, plan).plan.status == "draft":
        publish_plan(
            journey.database,
            plan,
            valid_from=FIRST_DAY,
            decision=_DECISION,
            author=_AUTHOR,
            timezone=journey.timezone,
            progress=journey.progress,
        )


def _targets(practice: Profile, name: str) -> Targets:
    targets = next(layer.targets for layer in practice.layers if layer.name == name)
    assert targets is not None  # noqa: S101 - the shipped profile has them
    return targets


def _import_buildings(journey: _Journey, files: DistrictFiles) -> PointSummary:
    with journey.watch.step("import the buildings and join them"):
        request = PointImport(
            path=files.buildings, timezone=journey.timezone, day=FIRST_DAY, crs=None, source="demo"
        )
        report = import_buildings(journey.database, request, progress=journey.progress)
    return point_summary(report, journey.watch.steps[-1].seconds)
