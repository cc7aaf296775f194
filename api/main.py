"""The service as ``uvicorn`` starts it: ``uvicorn api.main:app`` or ``gisgov serve``."""

from __future__ import annotations

import gc
import sys

from fastapi import FastAPI

from gisgov.undisturbed import undisturbed

# Threads that hear of changes, ask the database or make indexes take turns with the one that answers. By
# itself Python lets the other one wait five milliseconds each time.
sys.setswitchinterval(0.001)


def _made() -> FastAPI:
    """Make the application.

    What is read and made for it stays. To look through it for garbage, now or again and again, lets requests
    wait; of a hundred objects it would find one.
    """
    with undisturbed():
        from api.app import create_app

        made = create_app(warms_tiles=True)
        gc.freeze()
    return made


app = _made()
