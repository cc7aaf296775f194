"""Loading layer sets, listing and showing layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import shapely
from pydantic import TypeAdapter

from fixtures import shipped
from gisgov.errors import ConflictError, NotFoundError
from gisgov.governance.layers import LayerKind
from gisgov.governance.profiles import Profile, parse_profile
from gisgov.services.layers import LayerDetail, list_layers, show_layer
from gisgov.services.loading import Loaded, load_profile
from gisgov.store.database import Database

SQUARE = shapely.box(114.0, 22.5, 114.01, 22.51)


def profile(*names: str, **changes: object) -> Profile:
    """A chain of partition layers, each nested in the one before."""
    layers = [
        {
            "name": name,
            "title_zh": "层",
            "title_en": name.title(),
            "kind": "partition",
            **({"parent": above, "nesting": "nested"} if above else {}),
        }
        for name, above in zip(names, [None, *names], strict=False)
    ]
    layers[-1].update(changes)
    return parse_profile(
        {"name": "test", "title_zh": "例", "title_en": "Test", "source": "A test.", "layers": layers}, "test"
    )


@pytest.mark.parametrize("name", shipped.profile_names())
def test_every_shipped_profile_loads_and_loads_again(database: Database, name: str) -> None:
    wanted = shipped.profile(name)
    first = load_profile(database, wanted)
    assert {entry.change for entry in (*first.layers, *first.code_schemes)} == {"added"}
    again = load_profile(database, wanted)
    assert {entry.change for entry in (*again.layers, *again.code_schemes)} == {"unchanged"}
    stored = list_layers(database)
    assert [one.name for one in stored] == [layer.name for layer in wanted.layers]
    assert [one.targets for one in stored] == [layer.targets for layer in wanted.layers]
    assert [one.staffing for one in stored] == [
        str(layer.staffing) if layer.staffing else None for layer in wanted.layers
    ]


def test_what_changed_is_said_field_by_field(database: Database) -> None:
    load_profile(database, profile("street", "grid"))
    done = load_profile(database, profile("street", "grid", title_en="Cell", targets={"population": 5000}))
    assert done.layers == (Loaded("street", "unchanged"), Loaded("grid", "changed", ("title_en", "targets")))
    assert show_layer(database, "grid", at=date(2026, 1, 1)).layer.title_en == "Cell"
    dropped = load_profile(database, profile("street", "grid", title_en="Cell"))
    assert dropped.layers[1].fields == ("targets",)
    assert list_layers(database)[1].targets is None


def test_a_code_scheme_that_changed_is_said(database: Database) -> None:
    wanted = shipped.profile("sub-grids")
    load_profile(database, wanted)
    schemes = tuple(replace(scheme, title_en="Another") for scheme in wanted.code_schemes)
    done = load_profile(database, replace(wanted, code_schemes=schemes))
    assert {entry.fields for entry in done.code_schemes} == {("title_en",)}


def test_further_schemes_can_be_loaded(database: Database) -> None:
    done = load_profile(database, profile("grid"), schemes=shipped.code_schemes())
    assert len(done.code_schemes) == len(shipped.code_schemes())


def test_layers_of_other_profiles_stay_in_their_places(database: Database) -> None:
    load_profile(database, profile("street", "grid"))
    done = load_profile(database, profile("beat"))
    assert done.others == ("street", "grid")
    load_profile(database, profile("street", "community", "grid"))  # the new one goes between
    assert [one.name for one in list_layers(database)] == ["street", "community", "grid", "beat"]
    load_profile(database, profile("city", "street"))
    assert [one.name for one in list_layers(database)] == ["city", "street", "community", "grid", "beat"]
    before = list_layers(database)
    load_profile(database, profile("street", "community", "grid"))
    load_profile(database, profile("beat"))
    assert [one.name for one in list_layers(database)] == [one.name for one in before]


def test_a_profile_in_another_order_is_followed(database: Database) -> None:
    load_profile(database, profile("a", "b"))
    load_profile(database, profile("beat"))
    load_profile(database, profile("b", "a"))
    assert [(one.name, one.parent) for one in list_layers(database)] == [
        ("b", None),
        ("a", "b"),
        ("beat", None),
    ]


def test_what_published_areas_rest_on_does_not_change(database: Database, plant: Callable[..., None]) -> None:
    load_profile(database, profile("street", "grid"))
    plant("grid", {"A": SQUARE}, valid_from=None)
    changed = profile("street", "grid", kind=LayerKind.OVERLAY.value)
    load_profile(database, changed)  # a draft is no obstacle
    plant("grid", {"A": SQUARE}, plan="published")
    with pytest.raises(ConflictError, match="'grid' has published plans, so its kind cannot"):
        load_profile(database, profile("street", "grid"))
    renamed = profile("street", "grid", kind="overlay", title_en="Cell")
    assert load_profile(database, renamed).layers[1].fields == ("title_en",)


def test_a_profile_that_conflicts_changes_nothing(database: Database, plant: Callable[..., None]) -> None:
    load_profile(database, profile("street", "grid"))
    plant("grid", {"A": SQUARE})
    with pytest.raises(ConflictError):
        load_profile(database, profile("new", "street", "grid", kind="overlay"))
    assert [one.name for one in list_layers(database)] == ["street", "grid"]


def test_a_layer_is_shown_with_what_hangs_on_it(database: Database, plant: Callable[..., None]) -> None:
    load_profile(database, shipped.profile("sub-grids"))
    plant("community", {"449901001001": SQUARE}, plan="now", valid_to=date(2027, 1, 1))
    plant("community", {"449901001001": SQUARE}, plan="draft", valid_from=None)
    detail = show_layer(database, "community", at=date(2026, 6, 1))
    assert detail.children == ("subgrid",)
    assert detail.code_scheme is not None
    assert detail.code_scheme["name"] == "community-12"
    assert [plan.name for plan in detail.in_force] == ["now"]
    assert detail.drafts == ("draft",)
    assert show_layer(database, "community", at=date(2027, 1, 1)).in_force == ()
    TypeAdapter(LayerDetail).dump_json(detail, warnings="error")


def test_a_layer_without_scheme_has_none(database: Database) -> None:
    load_profile(database, profile("grid"))
    assert show_layer(database, "grid", at=date(2026, 1, 1)).code_scheme is None
    with pytest.raises(NotFoundError):
        show_layer(database, "street", at=date(2026, 1, 1))
