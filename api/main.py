"""The service as ``uvicorn`` starts it: ``uvicorn api.main:app`` or ``gisgov serve``."""

from __future__ import annotations

import sys

from api.app import create_app

# Threads that hear of changes, ask the database or make indexes take turns with the one that answers. By
# itself Python lets the other one wait five milliseconds each time.
sys.setswitchinterval(0.001)

app = create_app(warms_tiles=True)
