"""How many people live in what: figures that population is put onto blocks by, as data with their source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gisgov.governance.fields import Fields
from gisgov.types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Words with their weights.

    Attributes
    ----------
    weight : numpy.ndarray of float, shape (n,)
        Of each word.
    unlisted : dict
        Words that the table does not name, with their number, the most frequent first.
    """

    weight: Floats
    unlisted: dict[str, int]


@dataclass(frozen=True, slots=True)
class WeightTable:
    """What words (uses of buildings, land uses) weigh.

    Attributes
    ----------
    weights : mapping of str to float
        By word, in lower case.
    unlisted : float
        Of every other word.
    unknown : float
        Where there is no word.
    """

    weights: Mapping[str, float]
    unlisted: float
    unknown: float

    def weighed(self, words: Sequence[str | None]) -> Weighed:
        """Give each word its weight; case and surrounding space do not matter.

        Examples
        --------
        >>> table = WeightTable({"apartments": 1.0, "office": 0.0}, unlisted=0.5, unknown=1.0)
        >>> found = table.weighed(["Apartments", "office", None, "Tower"])
        >>> found.weight.tolist(), found.unlisted
        ([1.0, 0.0, 1.0, 0.5], {'tower': 1})
        """
        plain = ["" if word is None else word.strip().casefold() for word in words]
        counts = Counter(plain)
        known = {"": self.unknown, **self.weights}
        unlisted = {word: count for word, count in counts.most_common() if word not in known}
        weight = np.array([known.get(word, self.unlisted) for word in plain], dtype=np.float64)
        return Weighed(weight, unlisted)


@dataclass(frozen=True, slots=True)
class PopulationPolicy:
    """What population is put onto blocks by.

    Attributes
    ----------
    name : str
        What the figures are called.
    source : str
        Where they come from.
    floor_m2_per_person : float
        Floor area that a person lives on.
    people_per_household : float
        Average size.
    metres_per_floor : float
        By which a height is read as floors.
    floors_where_unknown : float
        Floors of a building of which neither floors nor height are known.
    least_footprint_m2 : float
        In smaller buildings nobody lives, unless it is known.
    height_columns : tuple of str
        Where buildings may have their height in metres; the first that holds one is taken.
    dwelling : WeightTable
        Share of a building's floor area that is lived on, by use.
    land_use : WeightTable
        How densely people live on ground, by land use; only the ratios matter.
    """

    name: str
    source: str
    floor_m2_per_person: float
    people_per_household: float
    metres_per_floor: float
    floors_where_unknown: float
    least_footprint_m2: float
    height_columns: tuple[str, ...]
    dwelling: WeightTable
    land_use: WeightTable


def parse_population_policy(mapping: object, where: str) -> PopulationPolicy:
    """Read the figures that population is put onto blocks by.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/population.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used, or a word stands twice; the message names the path.
    """
    fields = Fields(mapping, where)
    policy = PopulationPolicy(
        name=fields.text("name"),
        source=fields.text("source"),
        floor_m2_per_person=fields.number("floor_m2_per_person", least=1.0),
        people_per_household=fields.number("people_per_household", least=1.0),
        metres_per_floor=fields.number("metres_per_floor", least=1.0),
        floors_where_unknown=fields.number("floors_where_unknown", least=0.0),
        least_footprint_m2=fields.number("least_footprint_m2", least=0.0),
        height_columns=fields.texts("height_columns"),
        dwelling=_read_table(fields.inner("dwelling"), most=1.0),
        land_use=_read_table(fields.inner("land_use")),
    )
    fields.done()
    return policy


def _read_table(fields: Fields, most: float | None = None) -> WeightTable:
    weights: dict[str, float] = {}
    for inner in fields.inners("weights"):
        weight = _read_weight(inner, "weight", most)
        for word in inner.texts("words"):
            if word.casefold() in weights:
                inner.refuse("words", f"lists {word!r}, which stands in the table already")
            weights[word.casefold()] = weight
        inner.done()
    table = WeightTable(
        weights, _read_weight(fields, "unlisted", most), _read_weight(fields, "unknown", most)
    )
    fields.done()
    return table


def _read_weight(fields: Fields, key: str, most: float | None) -> float:
    weight = fields.number(key, least=0.0)
    if most is not None and weight > most:
        fields.refuse(key, f"must be {most:g} or less, not {weight:g}")
    return weight
