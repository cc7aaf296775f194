"""Versions that the processes of a machine tell each other by a file in their memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.services.indexes.heard import HeardVersions


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "indexes" / "heard-e"


def test_what_one_hears_all_know_and_it_only_grows(path: Path) -> None:
    one, other = HeardVersions(path), HeardVersions(path)
    one.raise_to({"plan": 7, "staff": 3})
    other.raise_to({"plan": 5, "staff": 4})
    for versions in (one, other, HeardVersions(path)):
        assert {name: number for name, number in versions.all().items() if number} == {"plan": 7, "staff": 4}
    other.reset({"plan": 2})
    assert (one.of("plan"), one.of("staff")) == (2, 0)


def test_a_file_that_is_removed_is_made_again_and_nothing_forgotten(path: Path) -> None:
    one, other = HeardVersions(path), HeardVersions(path)
    one.raise_to({"plan": 7})
    path.unlink()
    for versions in (one, other):
        versions.follow_file()
    other.raise_to({"event": 9})
    assert (one.of("plan"), one.of("event")) == (7, 9)
    other.follow_file()  # it is the file that lies there
    assert other.of("plan") == 7


@pytest.mark.parametrize("octets", [b"", b"x" * 56, b"x" * 9, bytes(1000)])
def test_a_file_of_another_kind_counts_for_nothing(path: Path, octets: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(octets)
    one, other = HeardVersions(path), HeardVersions(path)
    assert not any(one.all().values())
    one.raise_to({"event": 1})
    assert other.of("event") == 1


def test_without_a_file_the_numbers_are_of_the_process_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    one = HeardVersions(tmp_path / "taken" / "heard")
    one.raise_to({"plan": 3})
    one.follow_file()
    assert one.of("plan") == 3
    one.close()
    assert one.of("plan") == 3
