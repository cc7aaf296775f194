"""How much memory the division of 100,000 blocks takes: the peak of a process that does nothing else.

The process gets the arrays from a file. It is run twice, since the first one may have kernels to compile.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.bars import QUICK, Goal, show
from benchmarks.districts import MIDDLE, SMALL, District, district
from benchmarks.redivision.costs import peak_mib
from benchmarks.redivision.ours import STANDARD, blocks_of
from gisgov.types import Ints
from gisgov.zoning import Blocks, redivide

_SIZE: Final = SMALL if QUICK else MIDDLE
_MOST_MIB: Final = 300.0


def main() -> None:
    """Run it."""
    drawn = district(_SIZE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "district.npz"
        arrays = {name: getattr(drawn, name) for name in District.__slots__ if name != "polygons"}
        np.savez(file, **arrays)
        command = [sys.executable, "-m", "benchmarks.zoning_memory", str(file)]
        for _ in range(2):
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    show(Goal(f"zoning-memory-{_SIZE.blocks}", float(done.stdout), "<=", _MOST_MIB, "unit=MiB"))


def divide(file: str) -> None:
    """Divide the district of a file, and print the peak."""
    redivide(*_given(file), aims=STANDARD)
    print(peak_mib())


def _given(file: str) -> tuple[Blocks, Ints]:
    """Return what the engine is given; nothing else of the district stays in memory."""
    with np.load(file) as kept:
        arrays = dict(kept)
    areas = int(arrays.pop("areas"))
    drawn = District(polygons=np.empty(0, dtype=object), areas=areas, **arrays)
    return blocks_of(drawn), drawn.counts


if __name__ == "__main__":
    divide(sys.argv[1]) if len(sys.argv) > 1 else main()
