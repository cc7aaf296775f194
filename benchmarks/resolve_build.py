"""A hundred thousand areas put into cells: how long it takes, how large it is, and how soon it is read again.

The time is from geometries and codes to an index that answers, the check that every area is sound included.
Borders to measure distances to are drawn when they are first needed; their time and size are said beside.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.bars import QUICK, Goal, note, seconds, show, timed
from benchmarks.resolve_bulk import points_of, stored_areas
from gisgov.geometry.cell_index import CellIndex, build_cell_index

AREAS = 5_000 if QUICK else 100_000
_MOST_S, _MOST_MB, _MOST_READ_S = 3.0, 150.0, 0.01


def main() -> None:
    """Build it, measure it, keep it in files and read it again."""
    few = stored_areas(20)
    build_cell_index(few, [f"{i:06d}" for i in range(20)]).locate([0.0], [0.0])  # compiles
    areas = stored_areas(AREAS)
    codes = [f"{i:06d}" for i in range(AREAS)]
    built_s, index = timed(lambda: build_cell_index(areas, codes))
    size_mb = sum(array.nbytes for array in index.to_arrays(borders=False).values()) / 1e6
    show(Goal(f"resolve-build-{AREAS}-areas", built_s, "<=", _MOST_S, "unit=s"))
    show(Goal(f"resolve-build-size-{AREAS}-areas", size_mb, "<=", _MOST_MB, "unit=MB"))

    begin = time.perf_counter()
    arrays = index.to_arrays()
    drawn_s = time.perf_counter() - begin
    whole_mb = sum(array.nbytes for array in arrays.values()) / 1e6
    note(f"borders to measure to: drawn in {seconds(drawn_s)}, {whole_mb - size_mb:.0f} MB more")

    with tempfile.TemporaryDirectory() as folder:
        for name, array in arrays.items():
            np.save(Path(folder) / f"{name}.npy", array)

        def read() -> CellIndex:
            return CellIndex.from_arrays(
                {name: np.load(Path(folder) / f"{name}.npy", mmap_mode="r") for name in arrays}
            )

        read_s, kept = timed(read)
        x, y = points_of(areas, 10_000, seed=3)
        assert np.array_equal(kept.owners(x, y), index.owners(x, y)), "the same owners after reading"
    show(Goal(f"resolve-read-mapped-{AREAS}-areas", read_s, "<=", _MOST_READ_S, "unit=s"))


if __name__ == "__main__":
    main()
