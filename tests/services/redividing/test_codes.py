"""Codes and names of areas, without a database."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from fixtures.shipped import code_schemes
from gisgov.errors import InputError
from gisgov.governance.lineage import trace
from gisgov.services.redividing.codes import CodeBook, Named, name_areas
from gisgov.services.redividing.former import Former
from gisgov.store.areas import AreaTable, Ground

PLACES = shapely.points([[50, 150], [150, 150], [50, 50]])


def ground(*codes: str) -> Ground:
    names = np.array([f"社区{code[-1:]}" for code in codes], dtype=object)
    return Ground(np.array(codes, dtype=object), names, np.full(len(codes), None, dtype=object), ())


def former(*codes: str) -> Former:
    count = len(codes)
    table = AreaTable(
        codes=np.array(codes, dtype=object),
        names=np.array([f"网格{code[-1]}" for code in codes], dtype=object),
        parent_codes=[()] * count,
        geometries=np.full(count, None, dtype=object),
        area_m2=np.zeros(count),
        population=np.zeros(count, dtype=object),
        households=np.zeros(count, dtype=object),
        attributes=[{}] * count,
    )
    return Former(table, np.zeros(0, dtype=np.int64), is_current=True, of_blocks=True)


def named(
    book: CodeBook, before: list[int], hosts: Ground, held: list[list[int]], areas: Former | None
) -> Named:
    labels = np.arange(len(before))
    lineage = trace(np.array(before), labels, np.ones(len(before)))
    return name_areas(book, lineage, areas, hosts, [np.array(one) for one in held], PLACES[: len(before)])


def test_new_codes_come_after_those_ever_given_out() -> None:
    book = CodeBook(None, frozenset({"A-001", "A-007", "B-002", "x"}), {})
    found = named(book, [1, -1, -1], ground("A", "B"), [[0], [0], [1]], former("A-001", "A-002"))
    assert found.codes.tolist() == ["A-002", "A-008", "B-003"]
    assert found.names.tolist() == ["网格2", "社区A 01", "社区B 01"]
    assert found.parent_codes == [("A",), ("A",), ("B",)]


def test_a_name_that_is_in_use_is_not_given_again() -> None:
    before = former("A-001")
    before.areas.names[0] = "社区A 01"
    found = named(CodeBook(None, frozenset({"A-001"}), {}), [0, -1, -1], ground("A"), [[0], [0], [0]], before)
    assert found.names.tolist() == ["社区A 01", "社区A 02", "社区A 03"]


def test_areas_of_a_layer_without_one_above_are_numbered_alone() -> None:
    found = named(CodeBook(None, frozenset(), {}), [-1, -1], ground(""), [[0], [0]], None)
    assert (found.codes.tolist(), found.names.tolist()) == (["001", "002"], ["社区 01", "社区 02"])
    assert found.parent_codes == [(), ()]


def test_a_scheme_without_a_series_of_several_takes_the_main_parent() -> None:
    scheme = next(one for one in code_schemes() if one.name == "grid-15")
    hosts = ground("449901001001", "449901001002")
    found = named(CodeBook(scheme, frozenset(), {}), [-1, -1], hosts, [[1, 0], [1]], None)
    # both are numbered in the parent that has most of each, one after the other
    assert sorted(found.codes) == ["449901001002001", "449901001002002"]
    assert found.parent_codes[0] == ("449901001001", "449901001002")


def test_codes_that_do_not_fit_are_refused() -> None:
    scheme = next(one for one in code_schemes() if one.name == "grid-15")
    with pytest.raises(InputError, match="'A' is not the code of a parent"):
        named(CodeBook(scheme, frozenset(), {}), [-1], ground("A"), [[0]], None)
