"""Use cases: a grid or street calls departments to an event (吹哨), and they answer."""

from __future__ import annotations

from gisgov.services.whistles.answering import answer_whistle, close_whistle
from gisgov.services.whistles.calling import call_departments
from gisgov.services.whistles.reports import DepartmentCall, WhistleInfo, list_whistles

__all__ = [
    "DepartmentCall",
    "WhistleInfo",
    "answer_whistle",
    "call_departments",
    "close_whistle",
    "list_whistles",
]
