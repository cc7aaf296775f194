"""Who else divides, on the same districts, parent by parent, with the same numbers of areas: a table.

Each peer has a process of its own and a time limit, and is judged like ours by
`benchmarks.redivision.judging`. What it had not done by then, could not do, or is not installed, is said.
Peers get the parents' graphs packed; their times are without imports.
"""

from __future__ import annotations

import time
from typing import Final

from benchmarks.bars import QUICK, note
from benchmarks.districts import MIDDLE, SMALL, District, Size, district
from benchmarks.redivision.apart import PEERS, Failed, ask
from benchmarks.redivision.judging import judge
from benchmarks.redivision.ours import QUALITY, STANDARD, blocks_of, warm_up
from gisgov.zoning import redivide

_SIZES: Final = (SMALL,) if QUICK else (SMALL, MIDDLE)
_ASKED: Final = ("metis", "gerrychain-tree") if QUICK else tuple(PEERS)
_LIMIT_S: Final = 20.0 if QUICK else 120.0
_HOPELESS: Final = {(MIDDLE, "spopt-maxp")}
"""Not asked: of the smaller district it does hardly a parent in its time."""


def row_of_ours(size: Size, drawn: District) -> None:
    """Say what ours makes of a district."""
    blocks = blocks_of(drawn)
    for name, aims in (("standard", STANDARD), ("quality", QUALITY)):
        wall_s, processor_s = time.perf_counter(), time.process_time()
        labels = redivide(blocks, drawn.counts, aims=aims).labels
        wall_s, processor_s = time.perf_counter() - wall_s, time.process_time() - processor_s
        note(
            f"zoning-peers-{size.blocks} gisgov-{name} {wall_s:.2f} s, {processor_s:.2f} s of processors; "
            f"{judge(drawn, labels)}"
        )


def row_of_peer(size: Size, drawn: District, peer: str) -> None:
    """Say what a peer makes of it."""
    try:
        made = ask(peer, size, _LIMIT_S)
    except Failed as failure:
        note(f"zoning-peers-{size.blocks} {peer} {failure}")
        return
    spent = f"{made.wall_s:.2f} s, {made.processor_s:.2f} s of processors"
    if not made.in_time:
        spent += f", stopped at the limit of {_LIMIT_S:.0f} s"
    if made.solved < made.parents:
        spent += f", {made.solved} of {made.parents} parents"
    note(
        f"zoning-peers-{size.blocks} {peer} {spent}"
        + (f"; {judge(drawn, made.labels)}" if made.solved else "")
    )


def main() -> None:
    """Fill the table."""
    warm_up()
    for size in _SIZES:
        drawn = district(size)
        row_of_ours(size, drawn)
        for peer in _ASKED:
            if (size, peer) in _HOPELESS:
                note(f"zoning-peers-{size.blocks} {peer} not asked, see the smaller district")
            else:
                row_of_peer(size, drawn, peer)


if __name__ == "__main__":
    main()
