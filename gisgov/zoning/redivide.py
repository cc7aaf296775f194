"""Re-division: every parent's blocks into its number of areas, anew or near the present ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import numpy as np

from gisgov.errors import Cancelled
from gisgov.types import Bools, Floats, Ints, Progress, silent
from gisgov.zoning.aims import Aims, Rules
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.bounds import Bounds, bounds
from gisgov.zoning.evaluate import Evaluation, evaluate
from gisgov.zoning.explaining import obstacles_of
from gisgov.zoning.obstacles import Obstacle
from gisgov.zoning.piece import Piece, Small
from gisgov.zoning.preparing import prepare
from gisgov.zoning.present import starts_from
from gisgov.zoning.requests import checked_counts, checked_current, refuse_contradictions
from gisgov.zoning.search import Search, divide_again, divide_anew, grown_from, spread_seeds
from gisgov.zoning.territory import Part, Territory, take_apart

_LOOK_S = 0.1
_DEARER = 6
"""How often the price of movement is trebled until few enough people move."""


@dataclass(frozen=True, slots=True, eq=False)
class Redivision:
    """A division of blocks, with what can be said of it.

    Attributes
    ----------
    labels : numpy.ndarray of int, shape (n,)
        Area of each block, 0 … k - 1, those of parent 0 first.
    origin : numpy.ndarray of int, shape (k,)
        Present area that each area continues, -1 for a new one.
    figures : Evaluation
        Per area and in all.
    bounds : Bounds
        What no division could better.
    obstacles : tuple of Obstacle
        Why loads are off by more than the limit, and what else could not be had.
    moved_population, moved_blocks : int
        People and blocks whose present area is not continued by the one they are in now; 0 where there was
        no present division.
    """

    labels: Ints
    origin: Ints
    figures: Evaluation
    bounds: Bounds
    obstacles: tuple[Obstacle, ...]
    moved_population: int
    moved_blocks: int


def never() -> bool:
    """Tell that nobody cancels."""
    return False


def redivide(
    blocks: Blocks,
    counts: Ints,
    *,
    rules: Rules | None = None,
    aims: Aims | None = None,
    current: Ints | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Redivision:
    """Divide the blocks of each parent into areas of about equal load, compact, and along streets.

    Parameters
    ----------
    blocks : Blocks
        The ground.
    counts : numpy.ndarray of int, shape (p,)
        Areas per parent, locked ones included (see `apportion`): exactly so many are made.
    rules : Rules, optional
        What is kept whatever it costs.
    aims : Aims, optional
        What is sought.
    current : numpy.ndarray of int, shape (n,), optional
        Present area of each block, 0 … m - 1, -1 for none; each in one parent. The new division then stays
        near it, as ``aims.movement`` says.
    seed : int
        Same seed and input, same labels to the byte, whatever the number of threads.
    threads : int, optional
        How many pieces of ground are searched at a time; by default one per processor.
    progress : Progress
        Told of each connected piece of a parent.
    cancelled : callable
        Asked several times a second whether the result is still wanted.

    Returns
    -------
    Redivision
        Every block in one area, every area in one parent and in one piece; an area has further pieces only
        where its parent does (``bounds.parts``).

    Raises
    ------
    InputError
        A parent shall have more areas than blocks that can move, or an input does not fit the blocks.
    Infeasible
        Rules contradict each other or the ground.
    Cancelled
        ``cancelled`` said so.

    Examples
    --------
    Four blocks in a row, the first heavier:

    >>> from gisgov.zoning import graph_from_borders
    >>> blocks = Blocks(
    ...     graph_from_borders(np.array([0, 1, 2]), np.array([1, 2, 3]), [1.0] * 3, count=4),
    ...     parent=np.zeros(4, int), x=np.arange(4.0), y=np.zeros(4), population=np.array([3, 1, 1, 1]),
    ...     load=np.array([3.0, 1, 1, 1]), area_m2=np.ones(4), perimeter_m=np.full(4, 4.0),
    ... )
    >>> redivide(blocks, np.array([2])).figures.load.tolist()
    [3.0, 3.0]
    """
    rules, aims = rules or Rules(), aims or Aims()
    counts = checked_counts(blocks, counts)
    current = checked_current(blocks, current)
    refuse_contradictions(blocks, counts, rules, current)
    territory = take_apart(blocks, counts, rules, current)
    limits = bounds(blocks, counts, current=current, aims=aims)
    stop = np.zeros(1, dtype=np.int32)
    best: tuple[int, Ints, Ints, Bools] | None = None
    for dearer in range(_DEARER if aims.max_moved_share is not None and current is not None else 1):
        sought = replace(aims, movement=max(aims.movement, 1.0 if dearer else 0.0) * 3**dearer)
        found = _searched(territory, rules, sought, seed, threads, progress, cancelled, stop)
        labels, origin = _numbered(blocks, territory, found, current)
        moved = np.zeros(len(blocks), dtype=np.bool_)
        if current is not None:
            moved = (current >= 0) & (origin[labels] != current)
        people = int(blocks.population[moved].sum())
        if best is None or people < best[0]:
            best = people, labels, origin, moved
        if aims.max_moved_share is None or people <= aims.max_moved_share * blocks.population.sum():
            break
    assert best is not None  # noqa: S101 - it is searched at least once
    people, labels, origin, moved = best
    figures = evaluate(blocks, labels)
    return Redivision(
        labels=labels,
        origin=origin,
        figures=figures,
        bounds=limits,
        obstacles=obstacles_of(
            blocks, counts, labels, figures, limits, territory, rules, aims, current, moved_population=people
        ),
        moved_population=people,
        moved_blocks=int(moved.sum()),
    )


_Found = list[tuple[Ints, Ints]]
"""For each part its labels by node, and the present area that each of its areas continues."""


def _searched(
    territory: Territory,
    rules: Rules,
    aims: Aims,
    seed: int,
    threads: int | None,
    progress: Progress,
    cancelled: Callable[[], bool],
    stop: Small,
) -> _Found:
    for _ in progress(range(1), label="preparing the search (long only once)", total=1):
        prepare()
    found: list[tuple[Ints, Ints] | None] = [None] * len(territory.parts)
    # the large ones first, so that no thread is left alone with one of them at the end
    order = sorted(range(len(found)), key=lambda i: -len(territory.parts[i].nodes))
    pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        work = {
            pool.submit(_search_part, territory, territory.parts[i], rules, aims, _seed_of(seed, i), stop): i
            for i in order
        }
        for done in progress(_as_done(set(work), cancelled), label="dividing", total=len(work)):
            found[work[done]] = done.result()
    finally:
        stop[0] = 1
        pool.shutdown(cancel_futures=True)
        stop[0] = 0
    return [one for one in found if one is not None]


def _as_done(
    waiting: set[Future[tuple[Ints, Ints]]], cancelled: Callable[[], bool]
) -> Iterator[Future[tuple[Ints, Ints]]]:
    while waiting:
        done, waiting = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        if cancelled():
            raise Cancelled("The division was cancelled.")
        yield from done


def _seed_of(seed: int, part: int) -> int:
    return int(np.random.SeedSequence([abs(seed), int(seed < 0), part]).generate_state(1)[0])


def _search_part(
    territory: Territory, part: Part, rules: Rules, aims: Aims, seed: int, stop: Small
) -> tuple[Ints, Ints]:
    """Divide a part; return the area of each node, and the present area that each area continues."""
    home = territory.home[part.nodes]
    present = np.full(len(home), -1, dtype=np.int64)
    for number, area in enumerate(part.present.tolist()):
        present[home == area] = number
    people = territory.population[part.nodes]
    seats = np.unique(np.asarray(rules.seats, dtype=np.int64))
    seats = seats[np.isin(territory.nodes.of_block[seats], part.nodes)]
    places = np.searchsorted(part.nodes, territory.nodes.of_block[seats])
    if not len(part.present) or aims.movement == 0:
        piece = territory.piece(part, rules, aims)
        label = _divided_anew(piece, aims, places, seed, stop)
        return label, _continued(label, present, people, part.present, part.areas)
    # a service point stays in its area; where two are in one, or one in none, they are kept apart as pairs
    crowd = np.bincount(present[places] + 1, minlength=len(part.present) + 1)
    is_settled = (present[places] >= 0) & (crowd[present[places] + 1] == 1)
    strays = [(one, other) for one in seats[~is_settled] for other in seats if one != other]
    apart = np.concatenate((np.reshape(rules.apart, (-1, 2)), np.reshape(strays, (-1, 2)))).astype(np.int64)
    piece = territory.piece(part, replace(rules, apart=apart), aims)
    piece.held[places[is_settled]] = True
    starts = starts_from(piece, present, people, aims.movement, piece.held)
    search = Search(piece, aims, seed, stop)
    which, label = divide_again(search, [(start, ground) for start, ground, _ in starts])
    origin = starts[which][2]
    return label, np.where(origin >= 0, part.present[origin], -1)


def _divided_anew(piece: Piece, aims: Aims, seats: Ints, seed: int, stop: Small) -> Ints:
    search = Search(piece, aims, seed, stop)
    if not len(seats):
        return divide_anew(search)
    piece.held[seats] = True
    chance = np.random.default_rng(seed)
    first = [grown_from(piece, spread_seeds(piece, seats, len(piece.target), chance)) for _ in range(8)]
    return divide_anew(search, first)


def _continued(label: Ints, present: Ints, people: Floats, areas: Ints, count: int) -> Ints:
    """Match new areas with present ones so that as few people as can be change hands."""
    origin = np.full(count, -1, dtype=np.int64)
    if len(areas):
        from scipy.optimize import linear_sum_assignment  # long to read, and most who read this never match

        common = np.zeros((count, len(areas)))
        placed = present >= 0
        np.add.at(common, (label[placed], present[placed]), people[placed] + 1e-6)
        new, old = linear_sum_assignment(common, maximize=True)
        shared = common[new, old] > 0
        origin[new[shared]] = areas[old[shared]]
    return origin


def _numbered(blocks: Blocks, territory: Territory, found: _Found, current: Ints | None) -> tuple[Ints, Ints]:
    """Give all areas their numbers: parent by parent, present ones in their order, then new ones."""
    temporary = np.full(len(blocks), -1, dtype=np.int64)
    of_node = np.zeros(territory.nodes.count, dtype=np.int64)
    parents: list[int] = []
    origins: list[int] = []
    for part, (label, origin) in zip(territory.parts, found, strict=True):
        of_node[part.nodes] = len(origins) + label
        origins.extend(origin.tolist())
        parents.extend([part.parent] * len(origin))
    free = territory.nodes.of_block >= 0
    temporary[free] = of_node[territory.nodes.of_block[free]]
    if current is not None:
        for area in np.unique(current[~free]).tolist():
            own = ~free & (current == area)
            temporary[own] = len(origins)
            origins.append(area)
            parents.append(int(blocks.parent[own.argmax()]))
    origin = np.array(origins, dtype=np.int64)
    late = np.where(origin < 0, np.iinfo(np.int64).max, origin)
    order = np.lexsort((np.arange(len(origin)), late, np.array(parents, dtype=np.int64)))
    return np.argsort(order)[temporary], origin[order]
