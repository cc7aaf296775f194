"""What putting people onto blocks did, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.services.importing.row_problems import RowProblem


@dataclass(frozen=True, slots=True)
class Balance:
    """A count and what became of it: the other three always add up to ``total``.

    Attributes
    ----------
    total : int
        What was counted, or estimated.
    placed : int
        What was put onto blocks.
    outside : int
        What fell to ground, or to buildings, in no block.
    unweighted : int
        What nothing is known to spread by: no dwelling stands there, or no ground is lived on.
    """

    total: int
    placed: int
    outside: int
    unweighted: int


@dataclass(frozen=True, slots=True)
class SourceArea:
    """A census area and what became of its people.

    Attributes
    ----------
    row : int
        Row number in the file, from 1.
    code : str
        Its code; ``row 7`` where it has none.
    population : Balance
        Its people.
    households : Balance or None
        Its households; None where the file has none.
    exceeded : bool
        Whether more people, or households, are known of its buildings than it counts. Its own count was then
        spread in proportion to those.
    """

    row: int
    code: str
    population: Balance
    households: Balance | None
    exceeded: bool


@dataclass(frozen=True, slots=True)
class BuildingsCounted:
    """The buildings that people were found in.

    Attributes
    ----------
    source : str
        ``stored``, or the file and its layer.
    crs : str or None
        The coordinate system of the file's numbers.
    rows : int
        How many buildings there are, without refused rows.
    known : int
        Buildings whose residents are known.
    known_population, known_households : int
        Their sums, over buildings with each.
    expected : int
        Buildings with people that were estimated.
    without_people : int
        Buildings in which nobody is known or expected: by their use or size, or because they are points.
    by_height, by_default : int
        Of the estimated, those whose floors were taken from the height, and from no fact at all.
    unreadable_heights : int
        Buildings with a height that is no number.
    in_no_block : int
        Buildings with people, known or expected, that stand in no block.
    in_no_source : int
        Buildings with people in no census area: they are not counted.
    unlisted : dict
        Uses that the table does not name, with their number of buildings.
    """

    source: str
    crs: str | None
    rows: int
    known: int
    known_population: int
    known_households: int
    expected: int
    without_people: int
    by_height: int
    by_default: int
    unreadable_heights: int
    in_no_block: int
    in_no_source: int
    unlisted: dict[str, int]


@dataclass(frozen=True, slots=True)
class CountsRead:
    """A file of counts.

    Attributes
    ----------
    file, file_layer : str
        Where they are from.
    crs : str or None
        Coordinate system of its numbers; None for counts by code.
    rows : int
        Rows of the layer.
    used : int
        Rows that were used.
    away, away_population : int
        Census areas that lie on no block, and their people; they are not among the sources.
    refused_population : int
        People of refused rows, as far as their count can be read.
    rounded : int
        Numbers of people that were decimal and were rounded, as asked for.
    """

    file: str
    file_layer: str | None
    crs: str | None
    rows: int
    used: int
    away: int
    away_population: int
    refused_population: int
    rounded: int


@dataclass(frozen=True, slots=True)
class BlockPopulation:
    """People put onto the blocks of a scope.

    Attributes
    ----------
    scope_code : str
        Code of the ground that the blocks make up.
    blocks : int
        How many there are.
    source : str
        What was counted from, in words; kept with the blocks as ``population_source``.
    weights : str or None
        What census areas were spread by: ``area``, ``land-use`` or ``buildings``.
    policy : str or None
        Name of the table that says how many people live in what; None where none was needed.
    counts : CountsRead or None
        The file of census areas, or of given counts.
    buildings : BuildingsCounted or None
        The buildings that were asked.
    population : Balance
        All people.
    households : Balance or None
        All households; None where they were left as they are.
    sources : tuple of SourceArea
        Census areas one by one; empty without such.
    unlisted_land_use : dict
        Land uses of blocks that the table does not name, with their number of blocks.
    without_count : int
        Blocks that given counts do not name; they stay as they are.
    empty : int
        Blocks without people now.
    largest_population : int
        People in the block with most of them.
    largest_code : str
        Its code.
    refused : tuple of RowProblem
        Rows that could not be used, and why.
    changed, unchanged : int
        Blocks that were known otherwise before, and those that were not; both 0 in a dry run.
    working_crs : str
        The plane that was measured in.
    dry_run : bool
        Whether nothing was stored.
    """

    scope_code: str
    blocks: int
    source: str
    weights: str | None
    policy: str | None
    counts: CountsRead | None
    buildings: BuildingsCounted | None
    population: Balance
    households: Balance | None
    sources: tuple[SourceArea, ...]
    unlisted_land_use: dict[str, int]
    without_count: int
    empty: int
    largest_population: int
    largest_code: str
    refused: tuple[RowProblem, ...]
    changed: int
    unchanged: int
    working_crs: str
    dry_run: bool
