import numpy as np

from maps import palette
from maps.shares import BREAKS, share_fill, share_keys
from maps.words import Words


def test_the_less_the_darker_and_all_of_it_is_a_class_of_its_own() -> None:
    shares = np.array([0.0, 0.49, 0.5, 0.75, 0.899, 0.9, 0.999, 1.0, 1.0, np.nan])
    keys = share_keys(shares, Words("zh"), none="没有")
    assert [(key.name, key.figures[0]) for key in keys] == [
        ("100%", "2"),
        ("90%–100%", "2"),
        ("75%–90%", "2"),
        ("50%–75%", "1"),
        ("小于 50%", "2"),
        ("没有", "1"),
    ]
    light = [palette.luminance(str(key.colour)) for key in keys[:-1]]
    assert light == sorted(light, reverse=True)
    drawn = share_fill("x")
    assert drawn["breaks"] == list(BREAKS)
    assert drawn["colours"] == [*(key.colour for key in reversed(keys[:-1])), keys[-1].colour]
    assert len(share_keys(np.ones(2), Words("en"), none="none")) == 5
