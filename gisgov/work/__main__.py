"""``python -m gisgov.work``: the worker of a service, which ends with it."""

from __future__ import annotations

import gc
import sys

from gisgov.undisturbed import undisturbed


def main() -> int:
    """Read the order from stdin and work until its other end is closed."""
    with undisturbed():
        from gisgov.logs import configure_logging
        from gisgov.work.orders import WorkOrder
        from gisgov.work.worker import work

        gc.freeze()
    with open(0, "rb", buffering=0, closefd=False) as told:
        line = told.readline()
    if line:
        order = WorkOrder.read(line)
        configure_logging(order.log_level, order.log_format)
        work(order, until_closed=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
