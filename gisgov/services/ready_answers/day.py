"""One day's answers: what its indexes find, between what was written before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from gisgov.services.ready_answers.layers import ReadyLayer
from gisgov.services.ready_answers.posts import DayPosts
from gisgov.services.ready_answers.systems import Placing

if TYPE_CHECKING:
    from gisgov.services.indexes import DayIndexes

_LEAST: Final = 1e-4  # a number nearer to 0 has an exponent, which Python and the slow way write differently
_NAMES: Final = TypeAdapter(tuple[str, ...])


class Question:
    """What is asked of every point alike; `ReadyDay.question` makes one.

    Parameters
    ----------
    placing : Placing
        The system of the coordinates.
    layers : sequence of ReadyLayer
        The layers asked, from the top down, those in force.
    day : datetime.date
        The day.
    without_plan : sequence of str
        Names of the other layers asked.
    """

    def __init__(
        self, placing: Placing, layers: Sequence[ReadyLayer], day: date, without_plan: Sequence[str]
    ) -> None:
        self._placing = placing
        self._layers = tuple((layer, *layer.locator) for layer in layers)
        self._crs = f',"crs":"{placing.name}"'
        self._middle = f',"at":"{day.isoformat()}","chain":['
        self._end = b'],"without_plan":%s}' % _NAMES.dump_json(tuple(without_plan))

    def answer(self, x: float, y: float, *, phones: bool) -> bytes | None:
        """Return the answer for a coordinate, as JSON.

        Parameters
        ----------
        x, y : float
            The coordinate, in degrees.
        phones : bool
            Whether the phones of posts are told.

        Returns
        -------
        bytes or None
            None where the slow way has to answer: the coordinate is no place, or may have its axes swapped;
            a number would be written in another form; the nearest area is far away; posts were not read yet.
        """
        placing = self._placing
        place = placing.place(x, y)
        if place is None or -_LEAST < x < _LEAST or -_LEAST < y < _LEAST:
            return None
        lon, lat = place
        told_x, told_y = repr(x), repr(y)
        told_lon, told_lat = (told_x, told_y) if placing.is_same else (repr(lon), repr(lat))
        head = f'{{"x":{told_x},"y":{told_y}{self._crs},"lon":{told_lon},"lat":{told_lat}{self._middle}'
        parts = [head.encode()]
        outside: list[bytes] = []
        moved_by: object = None
        east = north = 0.0
        for layer, move, locate in self._layers:
            if move is not moved_by:  # once for all layers that are measured in the same plane
                moved_by, (east, north) = move, move(lon, lat)
            area, on_border, border_m, nearest, candidates = locate(lon, lat, east, north)
            told = layer.outside(nearest, border_m) if area < 0 else layer.owning(area, phones=phones)
            if told is None:
                return None
            if area < 0:
                outside.append(told)
            else:
                parts += (told, layer.border(on_border, border_m, candidates), b",")
        if len(parts) > 1:
            parts.pop()
        elif -90.0 <= x <= 90.0:
            return None  # it may lie inside with its axes swapped
        parts += (b'],"outside":[', b",".join(outside), self._end)
        return b"".join(parts)


class ReadyDay:
    """The answers of a day.

    Parameters
    ----------
    indexes : DayIndexes
        The areas in force on it.
    posts : DayPosts
        Who serves them.
    """

    def __init__(self, indexes: DayIndexes, posts: DayPosts) -> None:
        self.indexes = indexes
        self._layers = [ReadyLayer(one, posts) for one in indexes.layers.values()]

    def make_ready(self) -> None:
        """Do what the first answer would have to do: to read or compile kernels takes seconds."""
        for layer in self._layers:
            layer.make_ready()

    def question(self, placing: Placing, layer: str | None) -> Question | None:
        """Return what is asked of every point alike; None where there is no such layer.

        Parameters
        ----------
        placing : Placing
            The system of the coordinates.
        layer : str, optional
            The only layer asked; every partition layer if not given.
        """
        asked = [one for one in self._layers if _is_asked(one, layer)]
        if layer is not None and not asked:
            return None
        return Question(
            placing,
            [one for one in asked if one.layer.in_force],
            self.indexes.day,
            [one.layer.name for one in asked if not one.layer.in_force],
        )


def _is_asked(layer: ReadyLayer, name: str | None) -> bool:
    return layer.layer.kind == "partition" if name is None else layer.layer.name == name
