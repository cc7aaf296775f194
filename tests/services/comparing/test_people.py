"""People of two cuts of the same ground: of each piece exactly its own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gisgov.services.comparing.people import share_out


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_every_piece_of_both_cuts_keeps_its_people(people: list[int], parts: list[float], seed: int) -> None:
    """Where each piece of the one cut meets each of the other, both counts hold."""
    rng = np.random.default_rng(seed)
    shares = np.array(parts) + 0.1
    wanted = rng.multinomial(sum(people), shares / shares.sum()).astype(np.int64)
    source, target = (one.ravel() for one in np.indices((len(people), len(wanted))))
    given_out = share_out(source, target, rng.random(len(source)), np.array(people), wanted)
    table = given_out.reshape(len(people), len(wanted))
    assert table.sum(axis=1).tolist() == people
    assert table.sum(axis=0).tolist() == wanted.tolist()
    assert table.min() >= 0


def test_people_stay_in_their_piece_where_the_counts_of_two_cuts_contradict_each_other() -> None:
    """Five in the west, whose piece meets only one that is said to have none."""
    found = share_out(np.array([0, 1]), np.array([0, 1]), np.ones(2), np.array([5, 0]), np.array([0, 5]))
    assert found.tolist() == [5, 0]
