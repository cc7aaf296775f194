"""Proposals of a repair: one decision for every defect, and what they were made for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gisgov.services.defect_reports import DefectInfo
from gisgov.types import Json

NO_GROUND = "no ground is at fault: give the area a parent"


@dataclass(frozen=True, slots=True)
class ProposalInfo:
    """What is proposed for one defect.

    Attributes
    ----------
    number : int
        Number of the defect in the report of a check.
    key : str
        Name of the defect that stays the same as long as the areas do.
    kind : str
        What is wrong, as in a report.
    decision : str
        ``give`` (the ground belongs to ``to`` alone), ``clip`` (to nobody), ``node`` (the vertices of the
        borders are made to match), ``rebuild`` (a broken ring becomes the ground it encloses), ``drop`` (as
        give or clip, and an area left without ground may vanish) or ``leave``.
    to : str or None
        Code of the area that gets the ground.
    options : tuple of str
        Codes of the areas that it may be given to: those that touch it.
    reason : str
        The rule that proposed it.
    area_m2 : float
        Ground at fault.
    width_m : float or None
        How wide it is in the mean.
    cover : int or None
        How many areas lie on it.
    areas : tuple of str
        Codes of the areas involved.
    lon, lat : float or None
        A point on it in WGS84 degrees.
    geometry : dict or None
        Its ground as GeoJSON in WGS84 degrees; None where it has none.
    """

    number: int
    key: str
    kind: str
    decision: str
    to: str | None
    options: tuple[str, ...]
    reason: str
    area_m2: float
    width_m: float | None
    cover: int | None
    areas: tuple[str, ...]
    lon: float | None
    lat: float | None
    geometry: Json | None

    @property
    def words(self) -> str:
        """The decision and who gets the ground, in one text."""
        return decision_words(self.decision, self.to)


@dataclass(frozen=True, slots=True, eq=False)
class ProposalTable:
    """All proposals for a coverage.

    Attributes
    ----------
    rows : tuple of ProposalInfo
        One for each defect, in the order of their numbers.
    made_for : dict of str to str
        What the defects were found in: digests and tolerances (`gisgov.services.repairing.cases`).
    """

    rows: tuple[ProposalInfo, ...]
    made_for: Mapping[str, str]


def decision_words(decision: str, to: str | None) -> str:
    """Return a decision and who gets the ground as one text.

    Examples
    --------
    >>> decision_words("give", "330106001"), decision_words("clip", None)
    ('give to 330106001', 'clip')
    """
    return decision if to is None else f"{decision} to {to}"


def keys_of(defects: Sequence[DefectInfo]) -> tuple[str, ...]:
    """Return a name for each defect that says nothing of its number.

    It is made of the kind, the areas involved, the place and the size, so that it is found again in the same
    areas whatever else the report holds. Its kind comes first: a name of digits alone would not survive a
    spreadsheet.

    Examples
    --------
    >>> from gisgov.services.defect_reports import defect_info
    >>> gap = defect_info("gap", 2.0, ("A", "B"), None, (120.0, 30.0), None)
    >>> keys_of([gap, gap])
    ('gap-0d018707', 'gap-0d018707-2')
    """
    seen: dict[str, int] = {}
    keys = []
    for one in defects:
        said = f"{one.kind}|{'|'.join(sorted(one.areas))}|{one.lon}|{one.lat}|{one.area_m2:.3f}|{one.reason}"
        key = f"{one.kind}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return tuple(keys)
