"""The service as ``uvicorn`` starts it: ``uvicorn api.main:app`` or ``gisgov serve``."""

from __future__ import annotations

import gc
import sys

from fastapi import FastAPI

# Threads that hear of changes, ask the database or make indexes take turns with the one that answers. By
# itself Python lets the other one wait five milliseconds each time.
sys.setswitchinterval(0.001)


def _made() -> FastAPI:
    """Make the application.

    What is read and made for it stays: to look for garbage in it meanwhile takes a fifth of the time that it
    takes to start, and to look through it again and again afterwards lets requests wait.
    """
    gc.disable()
    try:
        from api.app import create_app

        made = create_app(warms_tiles=True)
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
    return made


app = _made()
