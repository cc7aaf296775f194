"""Runs of an assignment in processes of their own, killed at a moment that is named.

As a program: one process that has read everything in, and forks one for each run that is asked of it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

PART_ROWS = 1024


class Runs:
    """Starts runs, one at a time."""

    def __init__(self, layer: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(layer)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.communicate()

    def run(self, path: Path, out: Path, *, resume: bool = True, die_at: int | None = None) -> int:
        """Assign; return the exit code, negative when it was killed.

        ``die_at`` is the number of the time at which it would force something to the disk, from 1.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([str(path), str(out), resume, die_at]), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


def main() -> None:
    """Fork a run for each line."""
    from layer_indexes import DAY

    from gisgov.files.streams import opening, source
    from gisgov.services.assigning_files import FileRequest, assign_file, assign_folder
    from gisgov.services.assigning_files.index_file import read_layer

    source._MOST_ROWS = opening._TEXT_ROWS = PART_ROWS  # type: ignore[misc]
    layer = read_layer(Path(sys.argv[1]))
    layer.index.on_border([114.0], [22.5], layer.index.owners([114.0], [22.5]))  # kernels are ready
    for line in sys.stdin:
        path, out, resume, die_at = json.loads(line)
        child = os.fork()
        if not child:
            _die_at(die_at)
            crs = None if path.endswith(".gpkg") else "wgs84"
            assign = assign_folder if Path(path).is_dir() else assign_file
            assign(layer, FileRequest(Path(path), Path(out), DAY, crs=crs, resume=resume))
            os._exit(0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _die_at(number: int | None) -> None:
    count, sync = 0, os.fsync

    def counted(handle: int) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        sync(handle)

    os.fsync = counted


if __name__ == "__main__":
    main()
