import pytest

from gisgov.governance.devices import (
    DeviceKind,
    DeviceState,
    kind_of_device,
    online_share,
    title_of_device,
)


@pytest.mark.parametrize("kind", DeviceKind)
def test_usual_kinds_are_one_word_however_they_are_written(kind: DeviceKind) -> None:
    for text in (kind.value, kind.title_zh, f" {kind.title_en.upper()} "):
        assert kind_of_device(text) == kind.value
    assert (title_of_device(kind.value, "zh"), title_of_device(kind.value, "en")) == (
        kind.title_zh,
        kind.title_en,
    )


def test_another_kind_stays_as_it_is() -> None:
    assert kind_of_device(" 充电桩 ") == "充电桩"
    assert title_of_device("充电桩", "en") == "充电桩"


def test_the_share_is_of_what_is_in_use() -> None:
    assert [online_share(*given) for given in ((1, 2), (0, 1), (1, 0), (0, 0))] == [0.333333, 0.0, 1.0, None]
    assert [state.value for state in DeviceState] == ["online", "offline", "retired"]
