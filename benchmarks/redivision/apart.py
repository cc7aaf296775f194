"""Ask a peer in a process of its own: what it costs is its own, and it ends when its time is over.

``python -m benchmarks.redivision.apart PEER BLOCKS AREAS PARENTS SEED LIMIT_S FILE``
"""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.districts import District, Size, district
from benchmarks.redivision.clusters import max_p, ward
from benchmarks.redivision.partitioners import kahip, metis, whole
from benchmarks.redivision.problems import Attempt, OutOfTime, Solver, attempt, problems
from benchmarks.redivision.trees import recursive_tree_part

PEERS: Final[dict[str, tuple[str, Callable[[District], Solver]]]] = {
    "metis": ("pymetis", lambda _: metis()),
    "metis-recursive": ("pymetis", lambda _: metis(recursive=True)),
    "metis-ncuts32": ("pymetis", lambda _: metis(ncuts=32)),
    "metis-ncuts32-contig": ("pymetis", lambda _: metis(ncuts=32, contiguous=True)),
    "metis-ncuts32-whole": ("pymetis", lambda _: whole(metis(ncuts=32))),
    "kahip-eco": ("kahip", lambda _: kahip()),
    "kahip-eco-whole": ("kahip", lambda _: whole(kahip())),
    "gerrychain-tree": ("gerrychain", lambda _: recursive_tree_part()),
    "spopt-maxp": ("spopt", max_p),
    "spopt-maxp-brief": (
        "spopt",
        lambda drawn: max_p(drawn, max_iterations_construction=3, max_iterations_sa=1),
    ),
    "spopt-ward": ("spopt", ward),
}
"""Name of each peer: the package it needs, and how it is asked about a district.

Those with ``whole`` in their names lose their stray pieces to the neighbours.
"""

_GRACE_S: Final = 120.0
"""A peer that is inside a call of its own has so much longer before it is ended."""


class Failed(Exception):
    """A peer is not installed, or broke down."""


def ask(peer: str, size: Size, limit_s: float) -> Attempt:
    """Run a peer on a district in a process of its own.

    Raises
    ------
    Failed
        With the reason.
    """
    if importlib.util.find_spec(PEERS[peer][0]) is None:
        raise Failed(f"{PEERS[peer][0]} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "attempt.npz"
        wanted = map(str, (size.blocks, size.areas, size.parents, size.seed, limit_s, file))
        command = [sys.executable, "-m", __spec__.name, peer, *wanted]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=limit_s + _GRACE_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"did not come back within {limit_s + _GRACE_S:.0f} s") from None
        if done.returncode != 0 or not file.exists():
            last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
            raise Failed(f"ended with {done.returncode}: {last}")
        with np.load(file) as kept:
            return Attempt(
                kept["labels"],
                int(kept["solved"]),
                int(kept["parents"]),
                bool(kept["in_time"]),
                float(kept["wall_s"]),
                float(kept["processor_s"]),
            )


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def main(peer: str, *words: str) -> None:
    """Solve, and write down what came of it."""
    blocks, areas, parents, seed = map(int, words[:4])
    drawn = district(Size(blocks, areas, parents, seed))
    solve = PEERS[peer][1](drawn)
    given = problems(drawn)
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, float(words[4]))
    made = attempt(given, solve)
    signal.setitimer(signal.ITIMER_REAL, 0)
    np.savez(words[5], **{name: getattr(made, name) for name in Attempt.__slots__})


if __name__ == "__main__":
    main(*sys.argv[1:])
