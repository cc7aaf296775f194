import numpy as np
import pytest

from maps.proof import CheckFacts, check_notes, verdict
from maps.words import Words

ZH, EN = Words("zh"), Words("en")
PROVED = CheckFacts(certified=True, certificate="0-0 over 12 edges", subject="A")
UNPROVED = CheckFacts(certified=False, certificate="3f-9c over 12 edges", subject="B")


def kinds(*names: str) -> np.ndarray:
    return np.array(names, dtype=object)


def test_nothing_is_claimed_without_a_check() -> None:
    assert verdict([], kinds(), ZH) is None
    assert check_notes([], ZH) == []


def test_a_clean_report_says_proved() -> None:
    told = verdict([PROVED], kinds(), Words("zh", area="社区"))
    assert told is not None
    assert told.is_proved
    assert told.text == "已证明：范围内每一处恰好属于一个社区，没有空白、重叠或越界。"
    assert told.figures == ("证明值 0-0 over 12 edges",)


@pytest.mark.parametrize(
    ("check", "found", "text"),
    [
        (PROVED, ("several-parts", "vertex-mismatch"), "nothing outside. Defects of other kinds: 1."),
        (UNPROVED, ("gap", "sliver", "vertex-mismatch"), "Not proved. Faults: 2."),
        (UNPROVED, ("vertex-mismatch",), "No ground is at fault, but vertices of shared borders differ"),
        (UNPROVED, (), "Nothing found reaches a tolerance"),
        (CheckFacts(certified=False), (), "Not proved: no scope was given"),
    ],
)
def test_what_is_not_proved_says_why(check: CheckFacts, found: tuple[str, ...], text: str) -> None:
    told = verdict([check], kinds(*found), EN)
    assert told is not None
    assert text in told.text
    assert told.is_proved is check.certified


def test_a_map_of_two_plans_names_them_and_needs_both() -> None:
    told = verdict([PROVED, UNPROVED], kinds("gap"), EN)
    assert told is not None
    assert not told.is_proved
    assert told.figures == (
        "A · Proof figure 0-0 over 12 edges",
        "B · Proof figure 3f-9c over 12 edges",
    )


def test_after_a_repair_the_defects_shown_are_those_of_before() -> None:
    done, left = verdict([PROVED], None, EN), verdict([UNPROVED], None, EN)
    assert done is not None
    assert left is not None
    assert done.text.startswith("Proved after the repair: every place")
    assert left.text == "Not proved after the repair: some ground is still at fault."


def test_tolerances_and_what_is_below_them_are_told() -> None:
    tolerances = {"sliver_width_m": 0.5, "min_gap_m2": 2.0, "new_m": 3.0}
    check = CheckFacts(
        certified=False, tolerances=tolerances, below={"min_gap_m2": 1200, "new_m": 0, "other": 1}
    )
    assert check_notes([check, check], EN) == [
        "Tolerances: sliver width 0.5 m; smallest gap 2 m²; new_m 3",
        "Below a tolerance, only counted: smallest gap 2 m²: 2,400; other: 2",
    ]
    assert check_notes([PROVED], ZH) == ["没有因容差而略去的问题"]
