from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.geometry.repair import Decision, Proposals


def table(*rows: tuple[str, int]) -> Proposals:
    return Proposals(
        np.array([decision for decision, _ in rows], dtype=object),
        np.array([to for _, to in rows], dtype=np.int64),
        np.full(len(rows), "", dtype=object),
        ((),) * len(rows),
    )


def test_a_table_is_as_long_as_it_has_decisions() -> None:
    assert len(table(("give", 0), ("leave", -1))) == 2


def test_decisions_may_be_plain_words_as_a_file_has_them() -> None:
    table(*((decision.value, 0) for decision in Decision)).refuse_unfit(len(Decision), 1)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "There are 1 defects, but 0 decisions"),
        ([("burn", 0)], "'burn' is no decision"),
        ([("give", 2)], "Decision 1 names area 2, but there are 2 areas"),
        ([("give", -2)], "Decision 1 names area -2"),
        ([("give", -1)], "gives ground away, but names no area"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(rows: list[tuple[str, int]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        table(*rows).refuse_unfit(1, 2)
