import numpy as np

from maps.steps import step_keys
from maps.words import Words


def test_each_class_is_counted_highest_first() -> None:
    keys = step_keys(
        np.array([0.0, 0.01, 0.02, 0.05, np.nan]), (0.02, 0.05), 1, Words("zh"), none="无楼栋", is_share=True
    )
    assert [(key.name, key.figures) for key in keys] == [
        ("5% 及以上", ("1",)),
        ("2%–5%", ("1",)),
        ("小于 2%", ("2",)),
        ("无楼栋", ("1",)),
    ]
    assert len({key.colour for key in keys}) == 4


def test_without_limits_there_is_one_class() -> None:
    keys = step_keys(np.array([0.0, 0.0]), (), 0, Words("en"))
    assert [(key.name, key.figures) for key in keys] == [("Total", ("2",))]


def test_limits_are_written_with_their_decimals() -> None:
    keys = step_keys(np.array([1.0]), (0.25, 1500.0), 2, Words("en"))
    assert [key.name for key in keys] == ["1,500 or more", "0.25–1,500", "under 0.25"]
