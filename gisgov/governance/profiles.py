"""A profile: the layer set of a district and the code schemes it uses, read from one mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from gisgov.errors import ProfileError
from gisgov.governance.codes import CodeScheme, format_scheme
from gisgov.governance.codes.documents import read_name, read_schemes
from gisgov.governance.fields import Fields, listed
from gisgov.governance.layers import Layer, LayerKind, LoadTerm, Nesting, Targets
from gisgov.governance.staffing import StaffingFormula
from gisgov.types import Json

_LAYER_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A layer set that can be loaded in one go.

    Parameters
    ----------
    name : str
        Its name.
    title_zh, title_en : str
        Its titles for people.
    source : str
        Where the practice comes from, in words.
    layers : tuple of Layer
        Every parent stands before its children.
    code_schemes : tuple of CodeScheme
        The schemes that the layers name, and no other.
    """

    name: str
    title_zh: str
    title_en: str
    source: str
    layers: tuple[Layer, ...]
    code_schemes: tuple[CodeScheme, ...]

    def layer(self, name: str) -> Layer:
        """Return the layer of that name, which must exist."""
        return next(layer for layer in self.layers if layer.name == name)

    def scheme_of(self, layer: str) -> CodeScheme | None:
        """Return the code scheme of a layer, None where it takes any code."""
        wanted = self.layer(layer).code_scheme
        return next((scheme for scheme in self.code_schemes if scheme.name == wanted), None)


def parse_profile(mapping: object, where: str, *, schemes: Iterable[CodeScheme] = ()) -> Profile:
    """Read a profile.

    Parameters
    ----------
    mapping : object
        The document: ``name``, ``title_zh``, ``title_en``, ``source``, ``layers`` and, where the profile
        brings schemes of its own, ``code_schemes``. The files of ``fixtures/profiles`` show every key.
    where : str
        Name of the document for messages.
    schemes : iterable of CodeScheme
        Schemes that its layers may name besides its own; one of its own wins over another of the same name.

    Returns
    -------
    Profile
        Its layers sorted so that parents come first, otherwise in the order of the document.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path (``layers[2].parent``) and what is allowed.

    Examples
    --------
    >>> profile = parse_profile({
    ...     "name": "town", "title_zh": "镇", "title_en": "Town", "source": "An example.",
    ...     "layers": [
    ...         {"name": "village", "title_zh": "村", "title_en": "Village", "kind": "partition"},
    ...         {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition",
    ...          "parent": "village", "nesting": "spanning"},
    ...     ],
    ... }, "town.yaml")
    >>> profile.layer("grid").nesting.title_en
    'Spanning'
    """
    fields = Fields(mapping, where)
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    source = fields.text("source")
    known = {scheme.name: scheme for scheme in (*schemes, *read_schemes(fields))}
    layers: list[Layer] = []
    places: dict[str, Fields] = {}
    for inner in fields.inners("layers"):
        layer = _read_layer(inner, known)
        if layer.name in places:
            inner.refuse("name", f"is {layer.name!r}, which an earlier layer has")
        layers.append(layer)
        places[layer.name] = inner
    if not layers:
        fields.refuse("layers", "must list at least one layer")
    for layer in layers:
        if layer.parent is not None and layer.parent not in places:
            places[layer.name].refuse("parent", f"is {layer.parent!r}; the layers are {listed(list(places))}")
    fields.done()
    used = {layer.code_scheme for layer in layers}
    return Profile(
        name,
        title_zh,
        title_en,
        source,
        _parents_first(layers, places),
        tuple(scheme for scheme in known.values() if scheme.name in used),
    )


def format_profile(profile: Profile) -> Json:
    """Write a profile as a mapping that `parse_profile` reads back to an equal one, with all its schemes."""
    return {
        "name": profile.name,
        "title_zh": profile.title_zh,
        "title_en": profile.title_en,
        "source": profile.source,
        "code_schemes": [format_scheme(scheme) for scheme in profile.code_schemes],
        "layers": [format_layer(layer) for layer in profile.layers],
    }


def format_layer(layer: Layer) -> Json:
    """Write a layer as it stands in a profile, without the keys that say nothing."""
    full = {
        "name": layer.name,
        "title_zh": layer.title_zh,
        "title_en": layer.title_en,
        "kind": layer.kind.value,
        "parent": layer.parent,
        "nesting": layer.nesting.value if layer.nesting else None,
        "code_scheme": layer.code_scheme,
        "targets": format_targets(layer.targets) if layer.targets else None,
        "staffing": {"formula": str(layer.staffing)} if layer.staffing else None,
    }
    return {key: value for key, value in full.items() if value is not None}


def format_targets(targets: Targets) -> Json:
    """Write targets as they stand in a profile; `parse_targets` reads them back."""
    full = {
        "area_km2": targets.area_km2,
        "population": targets.population,
        "weight_area": targets.weight_area,
        "weight_population": targets.weight_population,
        "terms": [asdict(term) for term in targets.terms] or None,
    }
    return {key: value for key, value in full.items() if value is not None}


def parse_targets(mapping: object, where: str = "targets") -> Targets:
    """Read targets alone, as they are stored beside a layer.

    Raises
    ------
    ProfileError
        Neither target is set, one is not positive, or the weights do not add up to 1.
    """
    return _read_targets(Fields(mapping, where))


def _read_layer(fields: Fields, known: dict[str, CodeScheme]) -> Layer:
    name = fields.text("name")
    if not _LAYER_NAME.fullmatch(name):
        fields.refuse("name", f"is {name!r}", "Use at most 63 lower-case letters, digits and hyphens.")
    title_zh, title_en = fields.text("title_zh"), fields.text("title_en")
    kind = fields.choice("kind", LayerKind)
    parent = fields.optional_text("parent")
    nesting = fields.choice("nesting", Nesting) if fields.has("nesting") else None
    if parent is None and nesting is not None:
        fields.refuse(
            "nesting", "is set, but the layer has no parent", "Name the parent, or take nesting out."
        )
    if parent is not None and nesting is None:
        allowed = listed([word.value for word in Nesting])
        fields.refuse("nesting", f"is missing, but the layer has a parent; allowed are {allowed}")
    scheme = fields.optional_text("code_scheme")
    if scheme is not None and scheme not in known:
        fields.refuse("code_scheme", f"is {scheme!r}; the schemes known here are {listed(sorted(known))}")
    targets = _read_targets(fields.inner("targets")) if fields.has("targets") else None
    staffing = _read_staffing(fields.inner("staffing")) if fields.has("staffing") else None
    fields.done()
    return Layer(name, title_zh, title_en, kind, parent, nesting, scheme, targets, staffing)


def _read_targets(fields: Fields) -> Targets:
    area = fields.number("area_km2", least=1e-6) if fields.has("area_km2") else None
    population = fields.integer("population", least=1) if fields.has("population") else None
    if area is None and population is None:
        fields.refuse(None, "must set area_km2, population or both")
    both = area is not None and population is not None
    weight_area = fields.number("weight_area", least=0, default=0.5 if both else float(area is not None))
    if weight_area > 1:
        fields.refuse("weight_area", f"must be 1 or less, not {weight_area:g}")
    weight_population = fields.number("weight_population", least=0, default=1 - weight_area)
    if abs(weight_area + weight_population - 1) > 1e-9:
        fields.refuse(
            "weight_population",
            f"must bring the sum of the weights to 1, not to {weight_area + weight_population:g}",
        )
    if (area is None and weight_area) or (population is None and weight_population):
        fields.refuse(None, "weigh a measure that has no target")
    terms = tuple(_read_term(inner) for inner in fields.inners("terms"))
    fields.done()
    return Targets(area, population, weight_area, weight_population, terms)


def _read_term(fields: Fields) -> LoadTerm:
    weight, target = fields.number("weight", least=0), fields.number("target", least=1e-9)
    term = LoadTerm(fields.text("attribute"), weight, target)
    fields.done()
    return term


def _read_staffing(fields: Fields) -> StaffingFormula:
    text, roles = fields.text("formula"), fields.texts("roles")
    minimum = fields.integer("minimum", least=0, default=0)
    fields.done()
    try:
        return StaffingFormula.parse(text, roles=roles, minimum=minimum)
    except ProfileError as error:
        fields.refuse("formula", f"cannot be used: {error.message.rstrip('.')}", error.hint)


def _parents_first(layers: Sequence[Layer], places: dict[str, Fields]) -> tuple[Layer, ...]:
    """Sort layers so that parents come first; every round takes all whose parent is already there."""
    ordered: list[Layer] = []
    waiting = list(layers)
    while waiting:
        there = {layer.name for layer in ordered}
        ready = [layer for layer in waiting if layer.parent is None or layer.parent in there]
        if not ready:
            circle = _circle(waiting)
            places[circle[0]].refuse("parent", f"closes a circle: {' → '.join(circle)}")
        ordered += ready
        waiting = [layer for layer in waiting if layer not in ready]
    return tuple(ordered)


def _circle(waiting: Sequence[Layer]) -> list[str]:
    """Names along a circle of parents, the first one again at the end."""
    parents = {layer.name: layer.parent or "" for layer in waiting}
    name, path = waiting[0].name, list[str]()
    while name not in path:
        path.append(name)
        name = parents[name]
    return [*path[path.index(name) :], name]
