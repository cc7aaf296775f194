"""The service as ``uvicorn`` starts it: ``uvicorn api.main:app`` or ``gisgov serve``."""

from __future__ import annotations

from api.app import create_app

app = create_app()
