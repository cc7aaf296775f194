"""Use cases: list the layers, show one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.governance.layers import Targets
from gisgov.governance.profiles import parse_targets
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.store import layers as store
from gisgov.store import plans
from gisgov.store.database import Database
from gisgov.types import Json


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
