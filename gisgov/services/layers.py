"""Use cases: load a set of layers from a profile, list the layers, show one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.governance.codes import CodeScheme, format_scheme
from gisgov.governance.layers import Layer, Targets
from gisgov.governance.profiles import Profile, format_targets, parse_targets
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.store import layers as store
from gisgov.store import plans
from gisgov.store.database import Database
from gisgov.types import Json

Change: TypeAlias = Literal["added", "changed", "unchanged"]

_FIXED = ("kind", "parent", "nesting")
"""What a layer cannot change any more once a plan of it was published: published areas rest on it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a profile did to one layer or code scheme; ``fields`` are those that changed.

    Attributes
    ----------
    name : str
        The layer or code scheme.
    change : Change
        What happened to it.
    fields : tuple of str
        What of it changed.
    """

    name: str
    change: Change
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayersLoaded:
    """What loading a profile did.

    Attributes
    ----------
    profile : str
        Name of the profile.
    layers, code_schemes : tuple of Loaded
        One entry for each that the profile holds.
    others : tuple of str
        Layers that were there and that the profile does not name; they stay as they are.
    """

    profile: str
    layers: tuple[Loaded, ...]
    code_schemes: tuple[Loaded, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """A layer.

    Attributes
    ----------
    name, title_zh, title_en : str
        Its name and its titles for people.
    kind : str
        ``partition`` or ``overlay``.
    parent : str or None
        Name of the layer above.
    nesting : str or None
        ``nested`` or ``spanning``; None without a parent.
    code_scheme : str or None
        Scheme of its codes; None takes any code.
    targets : Targets or None
        Soft averages of its areas.
    staffing : str or None
        Posts that each area should have, as a formula.
    """

    name: str
    title_zh: str
    title_en: str
    kind: str
    parent: str | None
    nesting: str | None
    code_scheme: str | None
    targets: Targets | None
    staffing: str | None


@dataclass(frozen=True, slots=True)
class LayerDetail:
    """A layer with what hangs on it.

    Attributes
    ----------
    layer : LayerInfo
        The layer itself.
    children : tuple of str
        Names of the layers right below.
    code_scheme : dict or None
        Definition of its code scheme, as a profile writes it.
    at : datetime.date
        The day asked about.
    in_force : tuple of PlanInfo
        Plans of the layer in force on that day, by scope.
    drafts : tuple of str
        Names of its drafts.
    """

    layer: LayerInfo
    children: tuple[str, ...]
    code_scheme: Json | None
    at: date
    in_force: tuple[PlanInfo, ...]
    drafts: tuple[str, ...]


def load_profile(database: Database, profile: Profile, *, schemes: Iterable[CodeScheme] = ()) -> LayersLoaded:
    """Load the layers and code schemes of a profile; loading it again changes nothing.

    Parameters
    ----------
    database : Database
        Where to.
    profile : Profile
        Layers that are there already take over what it says of them.
    schemes : iterable of CodeScheme
        Further code schemes to load beside those of the profile.

    Returns
    -------
    LayersLoaded
        What was added and what changed.

    Raises
    ------
    ConflictError
        It would change the kind, the parent or the nesting of a layer that has published plans.
    """
    with database.begin() as connection:
        store.lock_layers(connection)
        codes = {scheme.name: scheme for scheme in (*schemes, *profile.code_schemes)}
        loaded_schemes = tuple(_put_scheme(connection, scheme) for scheme in codes.values())
        before = {layer.name: layer for layer in store.all_layers(connection)}
        ids = {name: layer.id for name, layer in before.items()}
        order = _merged_order([*before], [layer.name for layer in profile.layers])
        place = {name: i + 1 for i, name in enumerate(order)}
        loaded_layers = [
            _put_layer(connection, layer, before.get(layer.name), ids, place[layer.name])
            for layer in profile.layers
        ]
        for name, stored in before.items():
            if stored.position != place[name]:
                store.update_layer(connection, stored.id, {"position": place[name]})
    named = {layer.name for layer in profile.layers}
    others = tuple(name for name in before if name not in named)
    return LayersLoaded(profile.name, tuple(loaded_layers), loaded_schemes, others)


def list_layers(database: Database) -> tuple[LayerInfo, ...]:
    """Return all layers, parents before their children."""
    with database.begin() as connection:
        return tuple(_info(layer) for layer in store.all_layers(connection))


def show_layer(database: Database, name: str, *, at: date) -> LayerDetail:
    """Return a layer with its code scheme and its plans.

    Parameters
    ----------
    database : Database
        Where from.
    name : str
        The layer.
    at : datetime.date
        The day whose plans in force are asked for.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with database.begin() as connection:
        layer = store.find_layer(connection, name)
        scheme = None
        if layer.code_scheme is not None:
            scheme = store.all_schemes(connection)[layer.code_scheme]
        return LayerDetail(
            layer=_info(layer),
            children=tuple(other.name for other in store.all_layers(connection) if other.parent == name),
            code_scheme=scheme,
            at=at,
            in_force=tuple(plan_info(plan) for plan in plans.all_plans(connection, layer_name=name, at=at)),
            drafts=tuple(
                plan.name for plan in plans.all_plans(connection, layer_name=name) if plan.status == "draft"
            ),
        )


def _info(layer: store.StoredLayer) -> LayerInfo:
    return LayerInfo(
        name=layer.name,
        title_zh=layer.title_zh,
        title_en=layer.title_en,
        kind=layer.kind,
        parent=layer.parent,
        nesting=layer.nesting,
        code_scheme=layer.code_scheme,
        targets=None if layer.targets is None else parse_targets(layer.targets),
        staffing=layer.staffing,
    )


def _put_layer(
    connection: sa.Connection,
    layer: Layer,
    stored: store.StoredLayer | None,
    ids: dict[str, int],
    position: int,
) -> Loaded:
    """Add or change one layer; ``ids`` knows those of its parents and learns its own."""
    wanted = _columns(layer)
    values = {field: value for field, value in wanted.items() if field != "parent"}
    values["parent_id"] = None if layer.parent is None else ids[layer.parent]
    if stored is None:
        ids[layer.name] = store.insert_layer(connection, {**values, "position": position})
        return Loaded(layer.name, "added")
    changed = tuple(field for field, value in wanted.items() if getattr(stored, field) != value)
    if not changed:
        return Loaded(layer.name, "unchanged")
    _refuse_change_of_published(connection, stored, changed)
    store.update_layer(connection, stored.id, values)
    return Loaded(layer.name, "changed", changed)


def _columns(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "title_zh": layer.title_zh,
        "title_en": layer.title_en,
        "kind": layer.kind.value,
        "parent": layer.parent,
        "nesting": layer.nesting.value if layer.nesting else None,
        "code_scheme": layer.code_scheme,
        "targets": format_targets(layer.targets) if layer.targets else None,
        "staffing": str(layer.staffing) if layer.staffing else None,
    }


def _refuse_change_of_published(
    connection: sa.Connection, stored: store.StoredLayer, changed: Sequence[str]
) -> None:
    fixed = [field for field in changed if field in _FIXED]
    if fixed and store.has_published_plan(connection, stored.id):
        raise ConflictError(
            f"Layer {stored.name!r} has published plans, so its {' and '.join(fixed)} cannot change.",
            hint="Give the changed layer another name in the profile.",
        )


def _put_scheme(connection: sa.Connection, scheme: CodeScheme) -> Loaded:
    definition = format_scheme(scheme)
    stored = store.all_schemes(connection).get(scheme.name)
    if stored == definition:
        return Loaded(scheme.name, "unchanged")
    store.put_scheme(connection, scheme.name, definition)
    if stored is None:
        return Loaded(scheme.name, "added")
    return Loaded(
        scheme.name,
        "changed",
        tuple(field for field in definition if stored.get(field) != definition[field]),
    )


def _merged_order(before: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Put layers in order: those of the profile as it has them, each new one after its predecessor in it.

    Layers of other profiles keep their places, so that loading several again and again settles.
    """
    known = iter([name for name in wanted if name in before])
    order = [next(known) if name in wanted else name for name in before]
    for i, name in enumerate(wanted):
        if name in order:
            continue
        if i:
            order.insert(order.index(wanted[i - 1]) + 1, name)
        else:
            follower = next((other for other in wanted if other in order), None)
            order.insert(len(order) if follower is None else order.index(follower), name)
    return order
