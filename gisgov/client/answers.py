"""What the client returns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gisgov.client.errors import AnswerCut

if TYPE_CHECKING:
    import pandas as pd


class Deputy(msgspec.Struct, frozen=True):
    """Who stands in for the holder of a post."""

    holder: str
    phone: str | None = None


class Post(msgspec.Struct, frozen=True):
    """A post of an area on the day asked about."""

    role: str
    holder: str | None = None
    phone: str | None = None
    deputies: tuple[Deputy, ...] = ()


class Area(msgspec.Struct, frozen=True):
    """The area of one layer that owns a place."""

    layer: str
    code: str
    name: str
    plan: str
    valid_from: date
    title_zh: str = ""
    title_en: str = ""
    valid_to: date | None = None
    parent_codes: tuple[str, ...] = ()
    staff: tuple[Post, ...] = ()
    on_border: bool = False
    border_m: float | None = None
    candidates: tuple[str, ...] = ()


class Outside(msgspec.Struct, frozen=True):
    """A layer that does not cover a place, and its nearest area."""

    layer: str
    title_zh: str = ""
    title_en: str = ""
    nearest_code: str | None = None
    nearest_name: str | None = None
    distance_m: float | None = None


class PlaceAnswer(msgspec.Struct, frozen=True):
    """Who is responsible for one place: an area of each layer, from the top down."""

    x: float
    y: float
    crs: str
    lon: float
    lat: float
    at: date
    chain: tuple[Area, ...] = ()
    outside: tuple[Outside, ...] = ()
    without_plan: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointAnswers:
    """Who is responsible for many points, in their order.

    Attributes
    ----------
    layer, crs, at : str
        The layer, the coordinate system and the day that the service took.
    table : pyarrow.Table
        Columns ``code``, ``status``, ``reason``, and with details those as well; one row a point.
    """

    layer: str
    crs: str
    at: str
    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def codes(self) -> npt.NDArray[np.object_]:
        """Code of the area of each point; None where none owns it."""
        return np.asarray(self.table.column("code").to_numpy(zero_copy_only=False), dtype=object)

    @property
    def statuses(self) -> npt.NDArray[np.object_]:
        """Status of each point: ``owned``, ``border``, ``outside``, ``no-coordinate``, ``bad-coordinate``."""
        return np.asarray(self.table.column("status").to_numpy(zero_copy_only=False), dtype=object)

    @property
    def counts(self) -> dict[str, int]:
        """How many points have each status that occurs."""
        pairs = self.table.column("status").value_counts().to_pylist()
        return {pair["values"]: pair["counts"] for pair in pairs}

    @property
    def reasons(self) -> dict[int, str]:
        """Why points have no place, by their numbers."""
        said = (
            self.table.column("reason").to_pylist() if len(self.table.column("reason").unique()) > 1 else []
        )
        return {i: reason for i, reason in enumerate(said) if reason is not None}

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a DataFrame."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame


def answers_of(body: bytes, count: int) -> PointAnswers:
    """Read an Arrow stream with answers for so many points.

    Raises
    ------
    AnswerCut
        It has fewer, or ends before it should.
    """
    try:
        with pa.ipc.open_stream(io.BytesIO(body)) as stream:
            table = stream.read_all()
    except (pa.ArrowException, OSError) as error:
        raise AnswerCut("The answer is no Arrow stream.") from error
    if table.num_rows and table.column("status")[-1].as_py() == "stopped":
        raise AnswerCut(str(table.column("reason")[-1].as_py()))
    if table.num_rows != count:
        raise AnswerCut(f"{count} points were sent and {table.num_rows} answered.")
    said = {name.decode(): value.decode() for name, value in (table.schema.metadata or {}).items()}
    plain = table.drop_columns(["row"]).replace_schema_metadata(None)
    return PointAnswers(said.get("layer", ""), said.get("crs", ""), said.get("at", ""), plain)


def joined(parts: Sequence[PointAnswers]) -> PointAnswers:
    """Return answers one after the other; there is one at least."""
    first = parts[0]
    tables: list[Any] = [part.table for part in parts]
    return PointAnswers(first.layer, first.crs, first.at, pa.concat_tables(tables))
