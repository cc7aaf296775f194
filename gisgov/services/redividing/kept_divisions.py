"""Alternatives of a re-division, kept to be chosen from: which block goes to which area."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from gisgov.services.redividing.proposing import Proposal
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class KeptArea:
    """An area of an alternative: its code and name, and what else is known of one that there was before."""

    code: str
    name: str
    attributes: Json


@dataclass(frozen=True, slots=True)
class KeptDivision:
    """An alternative: its areas, ids of the blocks that were divided, and the number of each one's area.

    ``plan_id`` is the draft that was divided; None where it was none yet.
    """

    areas: tuple[KeptArea, ...]
    blocks: tuple[int, ...]
    area: tuple[int, ...]
    plan_id: int | None = None


_DIVISION: Final = TypeAdapter(KeptDivision)


def division_name(number: int) -> str:
    """Return the name of the file of a job that holds an alternative."""
    return f"division-{number}.json"


def keep_divisions(proposal: Proposal, folder: Path) -> None:
    """Write a file for each alternative of a proposal."""
    territory = proposal.problem.territory
    ids = territory.blocks.ids[proposal.problem.chosen].tolist()
    source = territory.source
    for told, division in zip(proposal.report.alternatives, proposal.divisions, strict=True):
        areas = division.areas
        kept = KeptDivision(
            areas=tuple(
                KeptArea(code, name, attributes)
                for code, name, attributes in zip(areas.codes, areas.names, areas.attributes, strict=True)
            ),
            blocks=tuple(ids),
            area=tuple(division.solution.labels.tolist()),
            plan_id=source.id if source is not None and source.name == proposal.request.plan else None,
        )
        (folder / division_name(told.number)).write_bytes(_DIVISION.dump_json(kept))


def read_division(file: Path) -> KeptDivision:
    """Read an alternative that `keep_divisions` wrote."""
    return _DIVISION.validate_json(file.read_bytes())
