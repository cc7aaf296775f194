"""Arrays in a file: back as they were, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gisgov.files.mapped_arrays import map_arrays, write_arrays

ARRAYS = {
    "x": np.linspace(0, 1, 1001),
    "rows": np.arange(12, dtype=np.int32).reshape(3, 4),
    "none": np.empty((0, 2)),
    "flags": np.array([True, False]),
    "one": np.array(7, dtype=np.uint8),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_arrays(tmp_path / "a", ARRAYS, {"of": "网格"})
    return tmp_path / "a"


def test_arrays_come_back_aligned_and_read_only(file: Path) -> None:
    mapped = map_arrays(file)
    assert mapped is not None
    assert mapped.about == {"of": "网格"}
    assert list(mapped.arrays) == list(ARRAYS)
    for name, array in mapped.arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
        assert not array.size or (array.ctypes.data % 64 == 0 and not array.flags.writeable)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_replaced_or_removed_stays_as_it_was_where_it_is_mapped(file: Path) -> None:
    before = map_arrays(file)
    write_arrays(file, {"x": np.zeros(3)}, {})
    after = map_arrays(file)
    file.unlink()
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(before.arrays["x"], ARRAYS["x"])
    np.testing.assert_array_equal(after.arrays["x"], np.zeros(3))
    assert map_arrays(file) is None


@pytest.mark.parametrize("place", [0, 9, 17, 40, 2000, -1])
def test_a_changed_octet_is_told(file: Path, place: int) -> None:
    octets = bytearray(file.read_bytes())
    octets[place] ^= 1
    file.write_bytes(octets)
    assert map_arrays(file) is None


@pytest.mark.parametrize("octets", [b"", b"x" * 20, b"x" * 500, "short", "long"])
def test_a_file_of_another_kind_or_length_is_told(file: Path, octets: bytes | str) -> None:
    whole = file.read_bytes()
    file.write_bytes({"short": whole[:-8], "long": whole + bytes(64)}.get(octets, octets))  # type: ignore[call-overload]
    assert map_arrays(file) is None


def test_objects_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="names holds object"):
        write_arrays(tmp_path / "a", {"names": np.array(["x"], dtype=object)}, {})
    assert list(tmp_path.iterdir()) == []
