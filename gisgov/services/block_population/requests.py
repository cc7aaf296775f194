"""What population is put onto blocks from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gisgov.errors import InputError


class Weights(StrEnum):
    """What the people of a census area are spread by."""

    AREA = "area"
    LAND_USE = "land-use"
    BUILDINGS = "buildings"


@dataclass(frozen=True, slots=True)
class BuildingFile:
    """Buildings in a file: a table with coordinates, or a vector layer.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Its layer or sheet; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    fields : mapping of str to str
        Columns by what they hold (``floors``, ``use``, ``population``, ``households`` …); what is not named
        is looked for by usual names, and an empty name says not to look.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountFile:
    """Census areas with their counts, or the counts of blocks by their codes.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Its layer or sheet; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states. Counts by code have none.
    code_field : str or None
        Field of the code; census areas may do without one.
    population_field, households_field : str or None
        Fields of the counts.
    rounded : bool
        Round decimal counts so that their sum is kept, instead of refusing their rows.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    code_field: str | None = None
    population_field: str | None = None
    households_field: str | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class PopulationRequest:
    """What to put onto the blocks of a scope.

    Attributes
    ----------
    scope_code : str
        Code of the ground that the blocks make up.
    buildings : BuildingFile or None
        Buildings of a file.
    stored_buildings : bool
        Whether the stored buildings are meant instead.
    census : CountFile or None
        Census areas whose people are to be spread.
    weights : Weights or None
        By what; None spreads them over buildings where such are given, else by ground.
    given : CountFile or None
        Counts of blocks by their codes.
    policy : pathlib.Path or None
        Table of how many people live in what; None takes the shipped one.
    dry_run : bool
        Count and report, and store nothing.
    """

    scope_code: str
    buildings: BuildingFile | None = None
    stored_buildings: bool = False
    census: CountFile | None = None
    weights: Weights | None = None
    given: CountFile | None = None
    policy: Path | None = None
    dry_run: bool = False

    @property
    def has_buildings(self) -> bool:
        """Whether buildings are asked for."""
        return self.buildings is not None or self.stored_buildings

    def chosen_weights(self) -> Weights | None:
        """Return what census areas are spread by, None without such.

        Raises
        ------
        InputError
            What is asked for contradicts itself, or is nothing.
        """
        if self.given is not None and (self.census is not None or self.has_buildings):
            raise InputError(
                "Counts that are given are not spread: --given goes without --census and --buildings.",
                field="given",
            )
        if self.census is None and self.given is None and not self.has_buildings:
            raise InputError(
                "Nothing says where people live.",
                hint="Say --buildings, --census with --population-field, or --given.",
                field="buildings",
            )
        if self.census is None:
            if self.weights is not None:
                raise InputError("--weights are for the people of a --census.", field="weights")
            return None
        if self.weights not in (None, Weights.BUILDINGS) and self.has_buildings:
            raise InputError(
                f"With --weights {self.weights} no buildings are asked.",
                hint="Leave one out.",
                field="weights",
            )
        return self.weights or (Weights.BUILDINGS if self.has_buildings else Weights.AREA)
