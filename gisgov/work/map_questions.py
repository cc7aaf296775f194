"""The questions that maps answer, each as a document to be printed, paged or tabled.

The command line and the jobs that draw ask them alike. What draws is read when it is needed, no sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.thematic import ClassingMethod, RiskMeasure
from gisgov.governance.titles import Language
from gisgov.paths import add_rooms
from gisgov.services import thematic
from gisgov.services.access import codes_reached
from gisgov.services.thematic import Provenance
from gisgov.store.database import Database
from gisgov.store.layers import find_layer

if TYPE_CHECKING:
    from maps.document import Document
    from maps.facts import MapFacts
    from maps.hotspot_units import Asked

MOST_BUILDINGS = 50_000
"""More buildings than this are added up in squares."""


@dataclass(frozen=True, slots=True, eq=False)
class MapGround:
    """What a map is drawn on: areas of a layer, of a day or of a plan.

    Attributes
    ----------
    database : Database
        In the hands of whoever asks.
    layer : str
        Its name.
    at : datetime.date
        The day that is asked about.
    is_in_force : bool
        Whether the areas are those in force on the day, or those of a plan.
    grids : geopandas.GeoDataFrame
        The areas that are drawn.
    zone : zoneinfo.ZoneInfo
        Whose days.
    language : {"zh", "en"}
        Language of the map.
    title : str or None
        Its heading; by default what the map is.
    is_part : bool
        Whether only some areas of the day are drawn, so that what lies in others is left out.
    """

    database: Database
    layer: str
    at: date
    is_in_force: bool
    grids: Any
    zone: ZoneInfo
    language: Language
    title: str | None = None
    is_part: bool = False

    @classmethod
    def of_day(
        cls,
        database: Database,
        layer: str | None,
        at: date,
        *,
        zone: ZoneInfo,
        language: Language,
        title: str | None = None,
        right: str | None = None,
        within: tuple[str, str] | None = None,
    ) -> MapGround:
        """Return the areas in force on a day.

        Parameters
        ----------
        right : str, optional
            Only the areas that this right of whoever asks reaches; by default all.
        within : tuple of str, optional
            Layer and code of an area: only what lies in it.

        Raises
        ------
        NotFoundError
            There is no such layer or area, no plan of it is in force, or nothing of it is left to draw.
        """
        add_rooms()
        name = thematic.drawn_layer(database, layer, at)
        grids = thematic.grids_frame(database, name, at)
        kept = _kept(database, name, grids, at, right, within)
        if not kept.any():
            raise NotFoundError(
                "No area is left to draw.", hint="Choose another layer or area.", field="area"
            )
        drawn = grids[kept].reset_index(drop=True)
        return cls(database, name, at, True, drawn, zone, language, title, not kept.all())

    @classmethod
    def of_plan(
        cls,
        database: Database,
        plan: str,
        at: date,
        *,
        zone: ZoneInfo,
        language: Language,
        title: str | None = None,
    ) -> MapGround:
        """Return the areas of a plan, which may be a draft.

        Raises
        ------
        NotFoundError
            There is no such plan.
        InputError
            It has no areas.
        """
        add_rooms()
        layer, grids = thematic.plan_frame(database, plan)
        return cls(database, layer, at, False, grids, zone, language, title)

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans whose areas are drawn."""
        return tuple(sorted(set(self.grids["plan"])))

    def own(self, frame: Any) -> Any:
        """Return the rows of buildings or events that lie in the areas drawn; all where all areas are."""
        if not self.is_part:
            return frame
        return frame[frame["grid_code"].isin(set(self.grids["code"]))].reset_index(drop=True)

    def words(self, *, events: Any = None, buildings: Any = None) -> dict[str, Any]:
        """Return the title, the language and the provenance, as every drawer takes them."""
        from maps.facts import MapFacts

        at = self.at if self.is_in_force else None
        found = thematic.provenance(self.database, self.grids, at=self.at, events=events, buildings=buildings)
        return {"title": self.title, "language": self.language, "facts": facts_of(MapFacts(at=at), found)}


def facts_of(facts: MapFacts, found: Provenance) -> MapFacts:
    """Return what a map says of itself, with what is known of where its areas come from."""
    return replace(
        facts,
        place=found.place,
        plan="、".join(found.plans) or None,
        rules_version="、".join(found.rules_versions) or None,
        rules_are_example=found.rules_are_example,
        rated=found.rated,
        first=found.first,
        last=found.last,
        measured_in=found.measured_in or None,
        area_zh=found.area_zh,
        area_en=found.area_en,
    )


def grids(ground: MapGround) -> Document:
    """Draw the areas: borders, population, size, staff."""
    from maps import grids as drawer

    return drawer.document(ground.grids, **ground.words())


def risk(
    ground: MapGround,
    *,
    measure: RiskMeasure = RiskMeasure.SHARE,
    method: ClassingMethod = ClassingMethod.ROUNDED,
    classes: int = 5,
    breaks: Sequence[float] = (),
    bandwidth_m: float = 300.0,
    most: int = MOST_BUILDINGS,
    rated: date | None = None,
) -> Document:
    """Draw buildings by class, a measure of the warning ones by area, and their density."""
    from maps import risk as drawer
    from maps.classing import Choice

    given = tuple(breaks)
    buildings, words = _rated(ground, rated)
    return drawer.document(
        buildings,
        ground.grids,
        measure=measure,
        classing=Choice(method, len(given) + 1 if given else classes, given),
        bandwidth_m=bandwidth_m,
        most_buildings=most,
        **words,
    )


def risk_change(ground: MapGround, first: date, last: date, *, most: int = MOST_BUILDINGS) -> Document:
    """Draw what became of the classes of buildings between the ends of two days."""
    from gisgov.services.thematic_changes import rating_changes_frame
    from maps import rating_changes as drawer

    buildings = ground.own(
        rating_changes_frame(
            ground.database, ground.layer, first, last, timezone=ground.zone, language=ground.language
        )
    )
    words = ground.words(buildings=buildings)
    words["facts"] = replace(words["facts"], rated=None)
    return drawer.document(buildings, ground.grids, first=first, last=last, most_buildings=most, **words)


def hotspots(ground: MapGround, asked: Asked, *, rated: date | None = None) -> Document:
    """Draw where warning buildings gather."""
    from maps import hotspots as drawer

    buildings, words = _rated(ground, rated)
    return drawer.document(buildings, ground.grids, asked=asked, **words)


def events(ground: MapGround, first: date | None, last: date | None) -> Document:
    """Draw events by source and level, and their density.

    Raises
    ------
    InputError
        The period ends before it begins.
    """
    from gisgov.services.thematic import events_frame
    from maps import events as drawer

    if first and last and last < first:
        raise InputError(f"The period ends on {last}, before it begins on {first}.", field="to")
    frame = ground.own(
        events_frame(
            ground.database,
            ground.layer,
            first=first,
            last=last,
            timezone=ground.zone,
            language=ground.language,
        )
    )
    return drawer.document(frame, ground.grids, **ground.words(events=frame))


def service(ground: MapGround) -> Document:
    """Draw service points with their circles, and the share of people outside by area."""
    from gisgov.services.patrols.drawing import service_frames
    from maps import service as drawer

    frames = service_frames(ground.database, ground.layer, ground.at, language=ground.language)
    shown = _among(ground.grids, frames.served)
    return drawer.document(
        frames.served, frames.points, frames.circles, shown, radius_m=frames.radius_m, **ground.words()
    )


def devices(ground: MapGround) -> Document:
    """Draw cameras and other devices by state, and the share that is online by area."""
    from gisgov.services.devices.drawing import device_frames
    from maps import devices as drawer

    frames = device_frames(
        ground.database, ground.layer, ground.at, timezone=ground.zone, language=ground.language
    )
    return drawer.document(
        frames.devices,
        frames.counted,
        _among(ground.grids, frames.counted),
        kinds=frames.kinds,
        heard=frames.heard,
        outside=frames.outside,
        **ground.words(),
    )


def vacancies(ground: MapGround) -> Document:
    """Draw the posts that areas lack by their layer's formula, and the share that is filled."""
    from gisgov.services.staffing.figures import layer_posts, posts_frame
    from maps import vacancies as drawer

    posts = layer_posts(ground.database, ground.layer, at=ground.at)
    return drawer.document(
        posts_frame(posts), ground.grids, roles=posts.roles, formula=posts.formula, **ground.words()
    )


def loads(ground: MapGround) -> Document:
    """Draw how far the load of each area is off the target of the layer, and what it is made of."""
    from gisgov.services.area_loads import area_loads, loads_frame
    from maps import loads as drawer

    found = area_loads(ground.database, ground.layer, at=ground.at, timezone=ground.zone)
    frame = loads_frame(found)
    terms = [
        (
            term.attribute,
            term.title_zh if ground.language == "zh" else term.title_en,
            term.weight,
            term.target,
        )
        for term in found.terms
    ]
    return drawer.document(frame, _among(ground.grids, frame), terms=terms, **ground.words())


def rated_buildings(ground: MapGround, day: date | None) -> Any:
    """Return the buildings of the areas drawn, rated as at the end of a day or as they are now."""
    return ground.own(
        thematic.buildings_frame(
            ground.database, ground.layer, language=ground.language, rated=day, timezone=ground.zone
        )
    )


def _rated(ground: MapGround, day: date | None) -> tuple[Any, dict[str, Any]]:
    """Return the buildings as rated at the end of a day, and what a drawer takes besides."""
    buildings = rated_buildings(ground, day)
    words = ground.words(buildings=buildings)
    words["facts"] = replace(words["facts"], rated_by=day)
    return buildings, words


def _among(areas: Any, told: Any) -> Any:
    """Return the areas that figures are told of."""
    return areas[areas["code"].isin(set(told["code"]))].reset_index(drop=True)


def _kept(
    database: Database,
    layer: str,
    areas: Any,
    at: date,
    right: str | None,
    within: tuple[str, str] | None,
) -> Any:
    """Say of each area whether it is drawn."""
    kept = areas["code"].notna()
    if right is not None:
        with database.begin() as connection:
            reached = codes_reached(connection, right, find_layer(connection, layer).id)
        if reached is not None:
            kept &= areas["code"].isin(reached)
    if within is not None:
        whole = thematic.grids_frame(database, within[0], at)
        one = whole.loc[whole["code"] == within[1], "geometry"]
        if not len(one):
            raise NotFoundError(
                f"No area {within[1]!r} of layer {within[0]!r} is in force on {at}.", field="area"
            )
        kept &= areas.geometry.representative_point().within(one.iloc[0])
    return kept
