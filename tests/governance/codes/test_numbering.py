"""Numbering areas: west to east inside rows from north to south."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.governance.codes import CodeScheme, number_areas, parse_scheme
from gisgov.testing import areas_from_grid

SCHEMES = {scheme.name: scheme for scheme in shipped.code_schemes()}
GRID_15, GRID_20 = SCHEMES["grid-15"], SCHEMES["grid-20"]
COMMUNITY = "330106012003"


def order_of(picture: str, row_height: float | None = None) -> str:
    """Letters of a map in the order in which its areas are numbered."""
    names, polygons = areas_from_grid(picture)
    places = shapely.centroid(polygons)
    codes = number_areas(
        GRID_15, [COMMUNITY] * len(names), shapely.get_x(places), shapely.get_y(places), row_height=row_height
    )
    return "".join(names[np.argsort(codes)])


def test_a_lattice_is_read_like_a_page() -> None:
    assert order_of("ZAY\nCBX\nMNO") == "ZAYCBXMNO"


def test_one_row_and_one_column() -> None:
    assert order_of("CAB") == "CAB"
    assert order_of("C\nA\nB") == "CAB"
    assert order_of("A") == "A"


def test_areas_a_little_higher_than_their_neighbours_share_the_row() -> None:
    # centres of B and D lie half a cell south of those of A and C; rows are two cells high
    assert order_of("ABBC\nABBC\nDBBE\nDDEE\nDDEE", row_height=200) == "ABCDE"


def test_rows_depend_on_the_height_that_is_given() -> None:
    x, y = [0.0, 100.0], [0.0, 40.0]
    assert number_areas(GRID_15, [COMMUNITY] * 2, x, y, row_height=100).tolist()[0].endswith("001")
    assert number_areas(GRID_15, [COMMUNITY] * 2, x, y, row_height=50).tolist()[0].endswith("002")
    # exactly half a row height apart is another row
    assert number_areas(GRID_15, [COMMUNITY] * 2, x, y, row_height=80).tolist()[0].endswith("002")


def test_the_same_x_goes_by_y() -> None:
    codes = number_areas(GRID_15, [COMMUNITY] * 2, [5.0, 5.0], [1.0, 2.0], row_height=100)
    assert codes.tolist() == [COMMUNITY + "002", COMMUNITY + "001"]


def test_each_parent_counts_for_itself() -> None:
    parents = [COMMUNITY, "330106012004", COMMUNITY]
    assert number_areas(GRID_15, parents, [9, 5, 1], [0, 0, 0]).tolist() == [
        COMMUNITY + "002",
        "330106012004001",
        COMMUNITY + "001",
    ]


def test_numbering_goes_on_after_the_highest_code_ever_given() -> None:
    taken = [COMMUNITY + "001", COMMUNITY + "007", COMMUNITY + "003", "330106012004009", "not a code"]
    assert number_areas(GRID_15, [COMMUNITY] * 2, [0, 1], [0, 0], taken=taken).tolist() == [
        COMMUNITY + "008",
        COMMUNITY + "009",
    ]


def test_no_areas() -> None:
    codes = number_areas(GRID_15, [], [], [])
    assert codes.shape == (0,)
    assert codes.dtype == object


def test_merged_communities_are_numbered_from_601() -> None:
    taken = ["01000033010601260100", "01000033010601200205"]
    codes = number_areas(
        GRID_20, ["330106012"] * 2, [0, 1], [0, 0], taken=taken, series="merged", given={"object": "010000"}
    )
    assert codes.tolist() == ["01000033010601260200", "01000033010601260300"]


def test_grids_inside_a_community_of_the_20_digit_scheme() -> None:
    codes = number_areas(GRID_20, [COMMUNITY] * 2, [0, 1], [0, 0], given={"object": "010000"})
    assert codes.tolist() == ["01000033010601200301", "01000033010601200302"]


def test_a_community_that_is_one_grid() -> None:
    given = {"object": "010000"}
    assert number_areas(GRID_20, [COMMUNITY], [0], [0], series="whole", given=given).tolist() == [
        "01000033010601200300"
    ]
    with pytest.raises(
        InputError, match="needs the number 1, but the series whole of scheme grid-20 ends at 0"
    ):
        number_areas(GRID_20, [COMMUNITY] * 2, [0, 1], [0, 0], series="whole", given=given)


def test_communities_are_numbered_in_their_street() -> None:
    assert number_areas(SCHEMES["statistical-12"], ["330106012000"], [0], [0]).tolist() == ["330106012001"]


def test_the_numbers_run_out() -> None:
    with pytest.raises(InputError, match=f"{COMMUNITY} needs the number 1000, but .* ends at 999"):
        number_areas(GRID_15, [COMMUNITY], [0], [0], taken=[COMMUNITY + "999"])


def test_a_segment_that_nobody_gives() -> None:
    with pytest.raises(InputError, match="needs digits for its segment object"):
        number_areas(GRID_20, [COMMUNITY], [0], [0])


def test_a_parent_of_another_shape() -> None:
    with pytest.raises(InputError, match="'330106' is not the code of a parent in scheme grid-15"):
        number_areas(GRID_15, ["330106"], [0], [0])


def test_a_parent_of_another_series() -> None:
    low = {"table": {"first": 1, "last": 4}, "seat": {"first": 1, "last": 9}}
    high = {"table": {"first": 5, "last": 9}, "seat": {"first": 1, "last": 9}}
    titles = {"title_zh": "座", "title_en": "Seat", "parent": "{table}"}
    scheme = parse_scheme(
        {
            "name": "hall",
            "title_zh": "大厅",
            "title_en": "Hall",
            "source": "An example.",
            "segments": [
                {"name": "table", "width": 1, "title_zh": "桌", "title_en": "Table"},
                {"name": "seat", "width": 1, "title_zh": "座", "title_en": "Seat"},
            ],
            "series": [{"name": "low", "ranges": low, **titles}, {"name": "high", "ranges": high, **titles}],
        }
    )
    assert number_areas(scheme, ["3"], [0], [0]).tolist() == ["31"]
    with pytest.raises(
        InputError, match="7 is no parent of the series low of scheme hall: its code 71 would"
    ):
        number_areas(scheme, ["7"], [0], [0])


def test_places_that_cannot_be_used() -> None:
    with pytest.raises(InputError, match="There are 1 parent codes, 2 x and 2 y"):
        number_areas(GRID_15, [COMMUNITY], [0, 1], [0, 1])
    with pytest.raises(InputError, match="Area 2 of 2 has no finite x and y"):
        number_areas(GRID_15, [COMMUNITY] * 2, [0, 1], [0, np.nan])
    with pytest.raises(InputError, match=r"Two areas of 330106012003 have the same place \(1, 2\)"):
        number_areas(GRID_15, [COMMUNITY] * 3, [1, 0, 1], [2, 0, 2])
    for height in (0.0, np.inf):
        with pytest.raises(InputError, match="row height"):
            number_areas(GRID_15, [COMMUNITY], [0], [0], row_height=height)


def test_running_out_in_a_small_scheme(two_parts: CodeScheme) -> None:
    assert number_areas(two_parts, ["4"] * 5, range(5), [0] * 5).tolist() == ["41", "42", "43", "44", "45"]
    with pytest.raises(InputError, match="4 needs the number 6"):
        number_areas(two_parts, ["4"] * 6, range(6), [0] * 6)


places = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-50, 50), st.integers(-50, 50)),
    min_size=1,
    max_size=60,
    unique=True,
)


@given(places, st.randoms(use_true_random=False), st.none() | st.floats(0.5, 60))
def test_numbering_is_a_permutation_that_the_order_of_the_input_does_not_touch(
    drawn: list[tuple[int, int, int]], random: object, height: float | None
) -> None:
    parents = [f"33010601200{community + 1}" for community, _, _ in drawn]
    x, y = np.array([p[1] for p in drawn]), np.array([p[2] for p in drawn])
    codes = number_areas(GRID_15, parents, x, y, row_height=height)
    for parent in set(parents):
        mine = sorted(code for code in codes if code.startswith(parent))
        assert mine == [f"{parent}{i + 1:03}" for i in range(len(mine))]
    assert all(GRID_15.parent_code(code) == parent for code, parent in zip(codes, parents, strict=True))
    order = list(range(len(drawn)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = number_areas(GRID_15, [parents[i] for i in order], x[order], y[order], row_height=height)
    assert again.tolist() == codes[order].tolist()


@given(places)
def test_numbering_in_two_steps_never_gives_a_code_twice(drawn: list[tuple[int, int, int]]) -> None:
    parents = [f"33010601200{community + 1}" for community, _, _ in drawn]
    x, y = [p[1] for p in drawn], [p[2] for p in drawn]
    half = len(drawn) // 2
    early = number_areas(GRID_15, parents[:half], x[:half], y[:half]).tolist()
    late = number_areas(GRID_15, parents[half:], x[half:], y[half:], taken=early).tolist()
    assert len({*early, *late}) == len(drawn)
