"""Run the benchmarks: ``make bench [ONLY=coverage|zoning|…] [QUICK=1]``.

Each script prints lines ``bar NAME ours=… peer=PEER:… ratio=… need=… ok|short``, and beside them ``note …``.
A short bar is reported, not hidden, and is no failure; a script that fails (answers that differ, an error) is
one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

SUBJECTS = (
    "coverage",
    "zoning",
    "plans",
    "planner",
    "resolve",
    "tiles",
    "events",
    "risk",
    "web",
    "access",
    "audit",
)
_FOLDER = Path(__file__).resolve().parent


def scripts(only: str | None, folder: Path = _FOLDER) -> list[str]:
    """Return the modules to run, in the order of the subjects.

    A subject's script is ``SUBJECT.py`` or ``SUBJECT_something.py``; subjects without one are left out.
    """
    subjects = SUBJECTS if only is None else (only,)
    return [
        path.stem
        for subject in subjects
        for path in sorted([*folder.glob(f"{subject}.py"), *folder.glob(f"{subject}_*.py")])
    ]


def main() -> int:
    """Run the chosen scripts one after the other; 0 when none failed, 1 when one did, 2 when none exists."""
    only = os.environ.get("ONLY") or None
    if only is not None and only not in SUBJECTS:
        print(f"ONLY={only} is none of {', '.join(SUBJECTS)}.", file=sys.stderr)
        return 2
    chosen = scripts(only)
    if not chosen:
        print("There is no such benchmark yet.", file=sys.stderr)
        return 2
    failed, bars, short = [], 0, 0
    for name in chosen:
        begin = time.monotonic()
        # a process of its own: no benchmark finds what another has warmed up
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"],
            cwd=_FOLDER.parent,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        lines = done.stdout.splitlines()
        print("\n".join(line for line in lines if line.startswith(("bar ", "note "))), flush=True)
        bars_here = [line for line in lines if line.startswith("bar ")]
        print(
            f"{name}: {len(bars_here)} bars in {time.monotonic() - begin:.1f} s", file=sys.stderr, flush=True
        )
        bars += len(bars_here)
        short += sum(line.endswith(" short") for line in bars_here)
        if done.returncode != 0:
            failed.append(name)
    print(
        f"{bars} bars, {short} short" + (f"; failed: {', '.join(failed)}" if failed else ""), file=sys.stderr
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
