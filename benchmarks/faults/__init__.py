"""Faults of twelve kinds, injected into a sound coverage, each with the truth about it."""

from __future__ import annotations

from benchmarks.faults.injecting import FaultyAreas, inject
from benchmarks.faults.truths import FaultKind, Piece, Truth

__all__ = ["FaultKind", "FaultyAreas", "Piece", "Truth", "inject"]
