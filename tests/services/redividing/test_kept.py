"""What is kept: locked areas, blocks together and apart, seats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from lattices import EAST, SCOPE, SIDE, WEST

from gisgov.errors import Infeasible, InputError
from gisgov.services.blocks import store_blocks
from gisgov.services.ground_files import GroundFile
from gisgov.services.redividing import HowMany, Kept, RedivisionReport, SeatsFile
from gisgov.store.database import Database

Run = Callable[..., RedivisionReport]
Look = Callable[[str], Any]

pytestmark = pytest.mark.usefixtures("ground")
TEN = HowMany(total=10)


def place(block: int) -> tuple[float, float]:
    """Centre of a block of the lattice."""
    return 114 + (block % 20 + 0.5) * SIDE, 22.5 + (block // 20 + 0.5) * SIDE


def test_locked_areas_stay_to_the_block(run: Run, stored: Look) -> None:
    run("p", how_many=TEN)
    locked = f"{WEST}001"
    told = run("q", source="p", how_many=HowMany(total=14), kept=Kept(locked=(locked,)))
    before, after = stored("p"), stored("q")
    assert after.blocks_of(locked) == before.blocks_of(locked)
    assert (len(after.areas), told.areas) == (14, 14)
    # it is as large as before, which is now too large
    told_off = [one for one in told.alternatives[0].obstacles if one.kind == "locked-off-target"]
    assert [one.area for one in told_off] == [locked]
    with pytest.raises(InputError, match="no area 'x' to lock"):
        run("r", source="p", kept=Kept(locked=("x",)))


def test_blocks_stay_together_by_codes_field_and_file(
    database: Database, run: Run, stored: Look, ground: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    group = ("0004", "0005", "0024", "0025")
    run("codes", how_many=HowMany(total=30), kept=Kept(together=(group,)))
    assert len({stored("codes").assigned[code] for code in group}) == 1

    named = ground.copy()
    named["compound"] = np.where(named["code"].isin(group), "花园", None)
    store_blocks(database, named, scope_code=SCOPE)
    run("field", how_many=HowMany(total=30), kept=Kept(together="compound"))
    assert stored("field").assigned == stored("codes").assigned
    with pytest.raises(InputError, match="No block has 'garden'"):
        run("x", kept=Kept(together="garden"))

    outline = shapely.union_all(ground.geometry[ground["code"].isin(group)].to_numpy())
    geopandas.GeoDataFrame(geometry=[outline], crs=4326).to_file(tmp_path / "compounds.geojson")
    kept = Kept(together=GroundFile(tmp_path / "compounds.geojson"))
    run("file", how_many=HowMany(total=30), kept=kept)
    assert stored("file").assigned == stored("codes").assigned


def test_land_use_may_name_a_group(database: Database, run: Run, stored: Look, ground: Any) -> None:
    used = ground.copy()
    used["land_use"] = np.where(used["code"].isin(["0000", "0001"]), "公园", None)
    store_blocks(database, used, scope_code=SCOPE)
    run(how_many=HowMany(total=100), kept=Kept(together="land_use"))
    assert stored("p").assigned["0000"] == stored("p").assigned["0001"]


def test_a_group_in_pieces_takes_what_lies_between(run: Run, stored: Look) -> None:
    told = run(how_many=TEN, kept=Kept(together=(("0000", "0003"),)))
    assert stored("p").assigned["0000"] == stored("p").assigned["0003"]
    (pieces,) = (one for one in told.alternatives[0].obstacles if one.kind == "together-in-pieces")
    assert (pieces.block, pieces.value) == ("0000", 2)
    assert "2 blocks between them" in pieces.sentence_en


def test_blocks_are_kept_apart(database: Database, run: Run, stored: Look, ground: Any) -> None:
    pair = ("0045", "0046")
    run("p", how_many=TEN, kept=Kept(apart=(pair,)))
    assert len({stored("p").assigned[code] for code in pair}) == 2
    named = ground.copy()
    named["market"] = np.where(named["code"].isin(pair), "东市", None)
    store_blocks(database, named, scope_code=SCOPE)
    run("q", how_many=TEN, kept=Kept(apart="market"))
    assert stored("q").assigned == stored("p").assigned


def test_contradictions_are_refused_in_the_words_of_codes(run: Run) -> None:
    pair = ("0045", "0046")
    with pytest.raises(Infeasible, match=r"^Blocks 0045 and 0046 shall be in one area and shall not"):
        run(kept=Kept(together=(pair,), apart=(pair,)))
    seats = (place(0), place(5))
    with pytest.raises(Infeasible, match=f"^{WEST} has 2 service points, and 1 areas"):
        run(how_many=HowMany(counts={WEST: 1}), kept=Kept(parents=(WEST,), seats=seats))
    with pytest.raises(InputError, match=f"^{WEST} has 99 blocks that can move") as caught:
        run(how_many=HowMany(counts={WEST: 100}), kept=Kept(parents=(WEST,), together=(("0000", "0001"),)))
    assert caught.value.field == "count"
    with pytest.raises(Infeasible, match="lie in the group of block 0000"):
        run(kept=Kept(together=(("0000", "0005"),), seats=seats))
    run("p", how_many=HowMany(counts={WEST: 1, EAST: 2}))
    with pytest.raises(Infeasible, match=f"lie in area {WEST}001"):
        run(
            "q",
            source="p",
            how_many=HowMany(counts={WEST: 3}),
            kept=Kept(locked=(f"{WEST}001",), seats=seats),
        )


def test_each_area_has_its_seat(run: Run, stored: Look, tmp_path: Path) -> None:
    # five service points in each community, all on its southern edge
    blocks = [0, 2, 4, 6, 8, 11, 13, 15, 17, 19]
    run("p", how_many=TEN, kept=Kept(seats=tuple(place(one) for one in blocks)))
    homes = [stored("p").assigned[f"{one:04d}"] for one in blocks]
    assert len(set(homes)) == 10

    table = pd.DataFrame([place(one) for one in blocks], columns=["lon", "lat"])
    table.to_csv(tmp_path / "seats.csv", index=False)
    run("q", how_many=TEN, kept=Kept(seats=SeatsFile(str(tmp_path / "seats.csv"), crs="wgs84")))
    assert stored("q").assigned == stored("p").assigned


@pytest.mark.parametrize(
    ("seats", "message"),
    [
        ((place(0), place(0)), "Seat 1 and Seat 2 lie in one block, 0000"),
        (((1.0, 2.0),), r"Seat 1 at \(1\.0000000, 2\.0000000\) lies in no block"),
    ],
)
def test_seats_lie_in_blocks_of_their_own(run: Run, seats: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(kept=Kept(seats=seats))


def test_a_seat_without_place_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text("lon,lat\n114.001,22.501\n114.003,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"seats.csv, row 2 "):
        run(kept=Kept(seats=SeatsFile(str(tmp_path / "seats.csv"), crs="wgs84")))


def test_blocks_that_are_not_there_are_named(run: Run) -> None:
    for kept in (Kept(together=(("0000", "x"),)), Kept(apart=(("0000", "9999"),))):
        with pytest.raises(InputError, match="There is no block '"):
            run(kept=kept)


def test_a_block_is_in_one_group(run: Run) -> None:
    with pytest.raises(InputError, match="Block 0001 is in two groups"):
        run(kept=Kept(together=(("0000", "0001"), ("0001", "0002"))))


def test_a_group_on_both_sides_of_a_border_of_parents_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match=r"The blocks of the group of block 0009 .* lie in two parents"):
        run(how_many=TEN, kept=Kept(together=(("0009", "0010"),)))


def test_what_is_kept_elsewhere_does_not_matter(run: Run, stored: Look) -> None:
    """Seats and pairs in parents that are not divided are left out of the question."""
    run("p", how_many=TEN)
    kept = Kept(parents=(EAST,), seats=(place(0), place(15)), apart=(("0000", "0001"),))
    run("q", source="p", kept=kept)
    assert stored("q").assigned["0000"] == stored("p").assigned["0000"]


def test_an_area_is_not_torn_between_parents(
    database: Database, run: Run, plant: Callable[..., None]
) -> None:
    outline = shapely.box(114, 22.5, round(114 + 20 * SIDE, 7), round(22.5 + 10 * SIDE, 7))
    plant("subgrid", {f"{WEST}001": outline}, plan="whole", scope=SCOPE, valid_from=None)
    with pytest.raises(
        InputError, match=f"Area {WEST}001 has blocks in parents that are divided and in others"
    ):
        run("q", source="whole", kept=Kept(parents=(WEST,)))
    # the parent that has more of it keeps it; the other one gets what the rule gives
    told = run("r", source="whole")
    assert [one.areas_before for one in told.parents] in ([1, 0], [0, 1])
