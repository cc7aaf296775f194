"""What imported areas go into: their layer, plan and scope, and the areas above them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.errors import InputError, NameTaken
from gisgov.governance.codes import CodeScheme, parse_scheme
from gisgov.services.importing.area_parents import ParentAreas, ParentBy, ParentFinder
from gisgov.services.importing.area_report import AreaImport
from gisgov.services.importing.rejects import rejects_ending
from gisgov.services.scopes import Scope, find_scope
from gisgov.store.areas import ground_in_force
from gisgov.store.imports import drafts_of_layer, ground_of_plans, lock_name
from gisgov.store.layers import StoredLayer, all_schemes, find_layer
from gisgov.store.plans import StoredPlan, find_plan, has_plan
from gisgov.types import BBox


@dataclass(frozen=True, slots=True, eq=False)
class AreaTarget:
    """Where areas go.

    Attributes
    ----------
    name : str
        Name of the plan.
    plan : StoredPlan or None
        The plan, where it exists.
    layer : StoredLayer
        Its layer.
    scheme : CodeScheme or None
        What codes must follow.
    scope : Scope
        The ground that the plan covers.
    parents : ParentAreas or None
        The areas of the layer above; None where there is no such layer or no plan of it.
    parents_in : tuple of str
        Names of the plans that they are of.
    """

    name: str
    plan: StoredPlan | None
    layer: StoredLayer
    scheme: CodeScheme | None
    scope: Scope
    parents: ParentAreas | None
    parents_in: tuple[str, ...]

    def near(self) -> tuple[BBox | None, str]:
        """Return the ground near which every area must lie, and what that is in words."""
        if self.scope.bbox is not None:
            return self.scope.bbox, "the scope"
        if self.parents is not None:
            return self.parents.bbox, f"layer {self.parents.layer}"
        return None, "the scope"

    def parent_finder(self, by: ParentBy, *, as_given: bool = False) -> ParentFinder:
        """Return what finds the parents of the areas; ``as_given`` takes the file's word for them."""
        return ParentFinder(
            self.parents,
            scheme=self.scheme,
            spanning=self.layer.nesting == "spanning",
            by=by,
            as_given=as_given,
        )


def find_target(connection: sa.Connection, request: AreaImport) -> AreaTarget:
    """Find what areas go into, and keep others from importing into the same plan meanwhile.

    Raises
    ------
    NotFoundError
        There is no such layer, plan or scope.
    InputError
        The request does not fit the layer.
    NameTaken
        The plan exists for another layer or scope.
    """
    layer = find_layer(connection, request.layer)
    scheme = _scheme(connection, layer)
    _check_request(request, layer, scheme)
    name = request.plan or f"{layer.name}-{request.path.stem.removesuffix(rejects_ending(layer.name))}"
    lock_name(connection, "plan", name)
    plan = find_plan(connection, name, for_change=True) if has_plan(connection, name) else None
    scope = find_scope(
        connection,
        request.scope,
        request.scope_code,
        day=request.day,
        crs=request.crs,
        is_code=request.scope_is_code,
    )
    if plan is not None:
        scope = _scope_of(plan, layer, scope, was_asked=request.scope is not None or bool(request.scope_code))
    parents, parents_in = _parents(connection, layer, request)
    return AreaTarget(name, plan, layer, scheme, scope, parents, parents_in)


def _scheme(connection: sa.Connection, layer: StoredLayer) -> CodeScheme | None:
    if layer.code_scheme is None:
        return None
    return parse_scheme(all_schemes(connection)[layer.code_scheme], f"code scheme {layer.code_scheme}")


def _check_request(request: AreaImport, layer: StoredLayer, scheme: CodeScheme | None) -> None:
    if not request.code_field and scheme is None:
        raise InputError(
            f"Layer {layer.name!r} has no code scheme to number areas by.",
            hint="Say --code-field.",
            field="code_field",
        )
    if layer.parent_id is None and ((request.parent_field and not request.exchanged) or request.parent_plan):
        raise InputError(f"Layer {layer.name!r} has no layer above it.", field="parent_field")


def _scope_of(plan: StoredPlan, layer: StoredLayer, scope: Scope, *, was_asked: bool) -> Scope:
    if plan.layer_id != layer.id:
        raise NameTaken(
            f"Plan {plan.name!r} exists, of layer {plan.layer!r}.", hint="Choose another name with --plan."
        )
    if was_asked and not scope.is_same(Scope(plan.scope_code, plan.scope)):
        raise NameTaken(
            f"Plan {plan.name!r} exists, for another scope.", hint="Choose another name with --plan."
        )
    return Scope(plan.scope_code, plan.scope)


def _parents(
    connection: sa.Connection, layer: StoredLayer, request: AreaImport
) -> tuple[ParentAreas | None, tuple[str, ...]]:
    if layer.parent_id is None or layer.parent is None:
        return None, ()
    if request.parent_plan is not None:
        chosen = find_plan(connection, request.parent_plan)
        if chosen.layer_id != layer.parent_id:
            raise InputError(
                f"Plan {chosen.name!r} is of layer {chosen.layer!r}, not of {layer.parent!r}.",
                field="parent_plan",
            )
        codes, geometries = ground_of_plans(connection, [chosen.id])
        return ParentAreas(layer.parent, codes, geometries), (chosen.name,)
    ground = ground_in_force(connection, layer.parent_id, request.day)
    if len(ground.codes):
        return ParentAreas(layer.parent, ground.codes, ground.geometries), ground.plans
    drafts = drafts_of_layer(connection, layer.parent_id)
    if len(drafts) > 1:
        names = ", ".join(name for _, name in drafts)
        raise InputError(
            f"No plan of layer {layer.parent!r} is in force on {request.day}, and it has several drafts.",
            hint=f"Choose one with --parent-plan: {names}.",
            field="parent_plan",
        )
    if not drafts:
        return None, ()
    codes, geometries = ground_of_plans(connection, [drafts[0][0]])
    return ParentAreas(layer.parent, codes, geometries), (drafts[0][1],)
