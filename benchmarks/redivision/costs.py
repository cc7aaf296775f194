"""What a piece of work costs the machine, besides time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def with_processor_time(work: Callable[[], Result]) -> tuple[Result, float]:
    """Do the work, and tell the processor seconds of all threads of this process that it took."""
    begin = time.process_time()
    result = work()
    return result, time.process_time() - begin


def peak_mib() -> float:
    """Return the most memory that this process has had resident, in MiB; NaN where Linux does not say.

    Not `resource.getrusage`, which gives a child process the peak of its parent to begin with.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    return int(found[1]) / 1024 if found else float("nan")
