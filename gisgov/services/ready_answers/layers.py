"""What is written of the areas of a layer, once for each: all that does not depend on the point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from gisgov.services.places import FAR_M
from gisgov.services.ready_answers.posts import DayPosts
from gisgov.services.resolution import Outside, ResolvedArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisgov.services.indexes import LayerIndex

DECIMALS: Final = 3
"""Of metres."""

# the slow way's answers are written by pydantic too: text looks the same to the last byte
_AREA: Final = TypeAdapter(ResolvedArea)
_OUTSIDE: Final = TypeAdapter(Outside)
_CODES: Final = TypeAdapter(tuple[str, ...])
_AREA_END: Final = b'false,"border_m":0.0,"candidates":[]}'
_OUTSIDE_END: Final = b"0.0}"


class ReadyLayer:
    """The answers of one layer on a day.

    Parameters
    ----------
    index : LayerIndex
        Its areas.
    posts : DayPosts
        Who serves them.
    """

    def __init__(self, index: LayerIndex, posts: DayPosts) -> None:
        self.layer = index.layer
        self.locator = index.index.locator
        self._index = index
        self._posts = posts
        self._plane = index.index.working.name
        self._has_one_plane = all(plan.working_crs == self._plane for plan in index.plans)
        self._begun: tuple[dict[int, bytes], dict[int, bytes]] = ({}, {})
        self._outside: dict[int, bytes] = {}

    def make_ready(self) -> None:
        """Do what the first lookup would do beside; see `gisgov.geometry.cell_index.CellIndex.make_ready`."""
        self._index.index.make_ready()

    def owning(self, area: int, *, phones: bool) -> bytes | None:
        """Return what an area that owns a point begins with; the answer goes on with ``on_border``.

        None where its posts were not read yet, or its plan is not measured in the plane of the index.
        """
        begun = self._begun[phones].get(area)
        return begun if begun is not None else self._write_area(area, phones=phones)

    def border(self, on_border: bool, border_m: float, candidates: Sequence[int]) -> bytes:
        """Return how that goes on."""
        if not on_border and not candidates:
            return b'false,"border_m":%s,"candidates":[]}' % str(round(border_m, DECIMALS)).encode()
        codes = _CODES.dump_json(tuple(str(self._index.codes[one]) for one in candidates))
        metres = 0.0 if on_border else round(border_m, DECIMALS)
        word = b"true" if on_border else b"false"
        return b'%s,"border_m":%s,"candidates":%s}' % (word, str(metres).encode(), codes)

    def outside(self, nearest: int, distance_m: float) -> bytes | None:
        """Return what is told of a point that no area covers; None where that is to be measured otherwise."""
        if nearest < 0:
            return _OUTSIDE.dump_json(self._nearest(None, None, None))
        if not (self._has_one_plane and distance_m <= FAR_M):
            return None
        begun = self._outside.get(nearest)
        if begun is None:
            codes, names = self._index.codes, self._index.names
            whole = _OUTSIDE.dump_json(self._nearest(str(codes[nearest]), str(names[nearest]), 0.0))
            begun = self._outside[nearest] = whole.removesuffix(_OUTSIDE_END)
        return b"%s%s}" % (begun, str(round(distance_m, DECIMALS)).encode())

    def _nearest(self, code: str | None, name: str | None, distance_m: float | None) -> Outside:
        layer = self.layer
        return Outside(layer.name, layer.title_zh, layer.title_en, code, name, distance_m)

    def _write_area(self, area: int, *, phones: bool) -> bytes | None:
        index, layer = self._index, self.layer
        plan, code = index.plans[index.plan_of[area]], str(index.codes[area])
        staff = self._posts.of_area((layer.id, code), phones=phones)
        if staff is None or plan.working_crs != self._plane:
            return None
        whole = ResolvedArea(
            layer=layer.name,
            title_zh=layer.title_zh,
            title_en=layer.title_en,
            code=code,
            name=str(index.names[area]),
            parent_codes=tuple(index.parent_codes[area]),
            staff=staff,
            plan=plan.name,
            valid_from=plan.valid_from,
            valid_to=plan.valid_to,
            on_border=False,
            border_m=0.0,
            candidates=(),
        )
        begun = self._begun[phones][area] = _AREA.dump_json(whole).removesuffix(_AREA_END)
        return begun
