import warnings

import mapclassify
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.governance.thematic import ClassingMethod
from maps.classing import Choice, classify
from maps.words import Words

VALUES = np.array([0.0, 0, 0, 0.011, 0.0123, 0.05, 0.0517, 0.09, 0.1, 0.2, 0.21, np.nan])


def classes(values: np.ndarray, breaks: tuple[float, ...]) -> list[int]:
    return np.searchsorted(np.asarray(breaks), values, side="right").tolist()


@pytest.mark.parametrize("count", [2, 3, 5, 7])
@pytest.mark.parametrize(
    ("method", "peer"),
    [
        (ClassingMethod.QUANTILE, mapclassify.Quantiles),
        (ClassingMethod.NATURAL, mapclassify.FisherJenks),
    ],
)
def test_values_stand_together_as_mapclassify_says(method: ClassingMethod, peer: type, count: int) -> None:
    known = VALUES[np.isfinite(VALUES)]
    found = classes(known, classify(VALUES, Choice(method, count)).breaks)
    with warnings.catch_warnings(action="ignore"):
        theirs = peer(known, k=count).yb
    # classes without a value have no limit here
    assert found == np.unique(theirs, return_inverse=True)[1].tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(0, 40), st.floats(0, 1e4, allow_subnormal=False)), min_size=1, max_size=60
    ),
    st.sampled_from([method for method in ClassingMethod if method is not ClassingMethod.MANUAL]),
    st.integers(2, 7),
)
def test_limits_rise_between_the_values(values: list[float], method: ClassingMethod, count: int) -> None:
    given_values = np.array(values, dtype=np.float64)
    breaks = classify(given_values, Choice(method, count)).breaks
    assert len(breaks) < count
    assert list(breaks) == sorted(set(breaks))
    assert all(min(values) < limit <= max(values) for limit in breaks)
    if method in (ClassingMethod.QUANTILE, ClassingMethod.NATURAL):
        assert len(set(classes(given_values, breaks))) == len(breaks) + 1


def test_limits_are_written_short() -> None:
    found = classify(VALUES, Choice(ClassingMethod.NATURAL, 4))
    assert found.breaks == (0.05, 0.09, 0.2)
    assert found.digits == 2
    assert classify(np.array([0.0, 3.0]) / 7, Choice(ClassingMethod.EQUAL, 3)).breaks == (0.143, 0.286)


def test_whole_numbers_have_whole_limits() -> None:
    counts = np.array([0.0, 1, 1, 2, 3, 9, 11, 12])
    for method in (ClassingMethod.ROUNDED, ClassingMethod.EQUAL, ClassingMethod.NATURAL):
        assert all(limit % 1 == 0 for limit in classify(counts, Choice(method)).breaks), method


def test_many_values_are_thinned_and_parted_alike() -> None:
    rng = np.random.default_rng(4)
    values = np.concatenate([rng.normal(middle, 0.2, 3000) for middle in (2, 6, 20)])
    breaks = classify(values, Choice(ClassingMethod.NATURAL, 3)).breaks
    assert np.bincount(classes(values, breaks)) == pytest.approx(np.full(3, 3000), abs=3)


@pytest.mark.parametrize("values", [[], [np.nan], [2.0, 2.0]])
@pytest.mark.parametrize("method", [ClassingMethod.QUANTILE, ClassingMethod.ROUNDED])
def test_without_a_difference_there_is_one_class(values: list[float], method: ClassingMethod) -> None:
    assert classify(np.array(values), Choice(method)).breaks == ()


def test_given_limits_stay() -> None:
    choice = Choice(ClassingMethod.MANUAL, 4, (0.02, 0.05, 0.5))
    assert classify(VALUES, choice).breaks == (0.02, 0.05, 0.5)
    assert classify(VALUES, choice).told(Words("zh")) == "分级方法：自定义分级，4 级"
    assert classify(VALUES, choice).told(Words("en")) == "Classes: limits as given, 4"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"classes": 1}, "1 classes cannot"),
        ({"classes": 8}, "8 classes cannot"),
        ({"method": ClassingMethod.MANUAL}, "go with the method manual"),
        ({"breaks": (1.0,)}, "go with the method manual"),
        ({"method": ClassingMethod.MANUAL, "breaks": (2.0, 1.0)}, "no limits of classes"),
        ({"method": ClassingMethod.MANUAL, "breaks": (1.0, np.nan)}, "no limits of classes"),
        ({"method": ClassingMethod.MANUAL, "breaks": (1, 2, 3, 4, 5, 6, 7)}, "no limits of classes"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Choice(**asked)
