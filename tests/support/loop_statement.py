"""What loop.yaml says of who may do what, read by a few lines of its own, not as gisgov reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

_FOLDER = Path(__file__).resolve().parents[2] / "gisgov" / "governance"


@dataclass(frozen=True)
class Said:
    """An action: from which states to which, by which right, and what it needs."""

    sources: frozenset[str]
    target: str | None
    right: str
    needs: frozenset[str]
    is_back: bool


def said_of_actions() -> dict[str, Said]:
    """Return what is said of each action that people take with an event that is there."""
    document = yaml.safe_load((_FOLDER / "loop" / "loop.yaml").read_text(encoding="utf-8"))
    return {
        name: Said(
            frozenset(one["from"]),
            one.get("to"),
            one["right"],
            frozenset(one.get("needs", ())),
            "back" in one,
        )
        for name, one in document["actions"].items()
        if "right" in one and "from" in one
    }


def roles_with(right: str) -> set[str]:
    """Return the roles that hold a right, by rights.yaml."""
    document = yaml.safe_load((_FOLDER / "access" / "rights.yaml").read_text(encoding="utf-8"))
    return set(document["rights"][right]["roles"])
