"""Files of indexes: made once, shared, and made anew when they are not sound."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from gisgov.files.mapped_arrays import map_arrays
from gisgov.services.indexes import IndexFolder, folder
from gisgov.services.indexes.folder import HeldAreas
from gisgov.store.indexed_plans import IndexedAreas, PlanAt

PLAN = PlanAt(7, 1, "P", date(2026, 1, 1), None, "EPSG:4547", "", "sum")


class Reading:
    """Reads two areas, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> IndexedAreas:
        self.times += 1
        ids = np.array([7, 7], dtype=np.int32)
        shapes = shapely.box([114.0, 114.01], 22.5, [114.01, 114.02], 22.51)
        return IndexedAreas(ids, ["A", "B"], ["甲", "乙"], [("X", "Y"), ()], shapes)


def opened(path: Path, read: Reading, plan: PlanAt = PLAN, epoch: str = "e") -> HeldAreas:
    """Open the index as a process does that has not opened it before."""
    return IndexFolder(path).areas_of(epoch, 1, [plan], read)


def test_it_is_made_once_and_says_what_the_areas_are(tmp_path: Path) -> None:
    read, path = Reading(), tmp_path / "state" / "indexes"
    for _ in range(2):
        held = opened(path, read)
        assert [*held.codes, *held.names, *held.parent_codes] == ["A", "B", "甲", "乙", ("X", "Y"), ()]
        assert held.index.owners([114.005, 114.015, 113.0], [22.505] * 3).tolist() == [0, 1, -1]
        assert held.plan_ids.tolist() == [7, 7]
    assert read.times == 1
    assert (path.stat().st_mode & 0o777, held.codes[-1], held.parent_codes[-2:]) == (
        0o700,
        "B",
        [("X", "Y"), ()],
    )
    for texts in (held.codes, held.parent_codes):
        with pytest.raises(IndexError):
            texts[2]


def test_a_folder_holds_what_is_in_use_once(tmp_path: Path) -> None:
    here, read = IndexFolder(tmp_path), Reading()
    assert here.areas_of("e", 1, [PLAN], read) is here.areas_of("e", 1, [PLAN], read)


def test_other_plans_areas_and_databases_have_files_of_their_own(tmp_path: Path) -> None:
    read = Reading()
    opened(tmp_path, read)
    opened(tmp_path, read, epoch="f")
    for other in ({"id": 8}, {"content_sha256": "other"}, {"working_crs": "EPSG:4548"}):
        opened(tmp_path, read, PlanAt(**{**{n: getattr(PLAN, n) for n in PLAN.__slots__}, **other}))
    assert read.times == 5
    opened(tmp_path, read, PlanAt(7, 1, "P", date(2026, 1, 1), date(2026, 9, 1), "EPSG:4547", "", "sum"))
    assert read.times == 5, "when it ends changes no area"


def test_a_file_that_is_not_sound_or_of_others_is_made_anew(tmp_path: Path) -> None:
    read = Reading()
    opened(tmp_path, read)
    (file,) = tmp_path.glob("*.areas")
    sound = file.read_bytes()
    for spoilt in (sound[:-100], sound[:-100] + bytes(100), b"", b"of another program" * 99):
        file.write_bytes(spoilt)
        read.times = 0
        assert list(opened(tmp_path, read).codes) == ["A", "B"]
        assert read.times == 1
        assert map_arrays(file) is not None
    opened(tmp_path, read, epoch="f")
    (other,) = set(tmp_path.glob("*.areas")) - {file}
    other.replace(file)  # sound, but of another database
    read.times = 0
    opened(tmp_path, read)
    assert read.times == 1


def test_an_index_of_another_form_has_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Reading()
    opened(tmp_path, read)
    monkeypatch.setattr(folder, "FORM", folder.FORM + 1)  # as after an upgrade
    opened(tmp_path, read)
    assert read.times == 2


def test_where_nothing_can_be_written_each_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    read = Reading()
    for _ in range(2):
        assert list(opened(tmp_path / "taken" / "indexes", read).codes) == ["A", "B"]
    assert read.times == 2


def test_what_nobody_opened_for_days_is_removed_and_what_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Reading()
    held = opened(tmp_path, read)
    for path in tmp_path.iterdir():
        os.utime(path, (0, time.time() - 4 * 86_400))
    opened(tmp_path, read, epoch="f")
    assert len(list(tmp_path.glob("*.areas"))) == 1
    assert held.index.owner_one(114.005, 22.505) == 0, "who has it goes on with it"
    opened(tmp_path, read)
    assert read.times == 3
    (one, _) = tmp_path.glob("*.areas")
    monkeypatch.setattr(folder, "_MOST_BYTES", int(2.5 * one.stat().st_size))
    for epoch in "ghi":
        opened(tmp_path, read, epoch=epoch)
    assert len(list(tmp_path.glob("*.areas"))) == 2


PROCESS = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_folder import Reading, opened

class Slow(Reading):
    def __call__(self):
        time.sleep(0.3)
        return super().__call__()

read = Slow()
print("ready", flush=True)
sys.stdin.readline()
assert list(opened(Path(sys.argv[1]), read).codes) == ["A", "B"]
print(read.times, flush=True)
"""


def test_of_two_processes_that_begin_at_once_one_makes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path), str(Path(__file__).parent)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as other:  # type: ignore[call-overload]
        for process in (one, other):
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            process.stdin.write("\n")
            process.stdin.flush()
        assert sorted(process.stdout.readline() for process in (one, other)) == ["0\n", "1\n"]
