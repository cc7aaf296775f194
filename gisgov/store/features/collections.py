"""The areas of one layer as a collection of tipg: its columns, its plans, its axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tipg.collections import Column, PgCollection

from gisgov.geometry.crs_references import CrsReference
from gisgov.types import BBox

GEOMETRY: Final = "geom"
_DECIMALS_OF_DEGREES: Final = 7  # stored coordinates have no more
_DECIMALS_OF_METRES: Final = 4

# name, type in PostgreSQL, what it means
_COLUMNS: Final = (
    ("code", "text", "编码 · Code of the area"),
    ("name", "text", "名称 · Name"),
    ("plan", "text", "方案 · The plan that made it"),
    ("scope", "text", "方案范围 · Code of the area that the plan divides; empty: the whole ground"),
    ("parent_codes", "text[]", "上级编码 · Codes of the areas above that it lies in"),
    ("valid_from", "date", "生效日 · First day in force"),
    ("valid_to", "date", "失效日 · First day no more in force; null: in force until further notice"),
    ("area_m2", "float8", "面积（平方米）· Square metres, measured in the plan's working system"),
    ("population", "integer", "人口 · People; null: unknown"),
    ("households", "integer", "户数 · Households; null: unknown"),
    ("attributes", "jsonb", "其他属性 · Whatever else is known of it"),
)
_KINDS: Final = {"text": "text", "text[]": "texts", "date": "date", "float8": "number", "integer": "number"}

QUERYABLES: Final = {name: _KINDS[kind] for name, kind, _ in _COLUMNS if kind in _KINDS} | {
    GEOMETRY: "geometry"
}
"""What a filter may ask about, and of which kind it is."""

PROPERTIES: Final = {name: (kind, words) for name, kind, words in _COLUMNS}
"""Type and meaning of the properties of a feature."""


class LayerCollection(PgCollection):
    """The areas of some plans of a layer.

    Attributes
    ----------
    plans : tuple of int
        Ids of the plans whose areas it has.
    reference : CrsReference
        The system that geometry is given in.
    box : tuple of float or None
        West, south, east, north of what is asked about, for the index.
    """

    plans: tuple[int, ...]
    reference: CrsReference
    box: BBox | None = None

    def _from(self, *_: Any) -> str:
        """Return the FROM clause: the areas of the plans, those near the box; numbers alone go into it."""
        plans = f"CAST('{{{','.join(str(int(plan)) for plan in self.plans)}}}' AS INTEGER[])"
        near = ""
        if self.box is not None:
            sides = ", ".join(repr(float(side)) for side in self.box)
            box = f"ST_MakeEnvelope({sides}, 4326)"
            near = f" AND id IN (SELECT ogc.areas_near({plans}, {box}))"
        return f"FROM (SELECT * FROM {self._qualified_name} WHERE plan_id = ANY ({plans}){near}) AS area"  # noqa: S608

    def _select(self, properties: list[str] | None, *_: Any, **__: Any) -> str:
        """Return the SELECT clause, with geometry as the text of GeoJSON in the axes of its authority."""
        shape, decimals = f"ST_ForcePolygonCCW({GEOMETRY})", _DECIMALS_OF_DEGREES
        if self.reference.epsg != 4326:
            shape = f"ST_Transform({shape}, {int(self.reference.epsg)})"
        if not self.reference.system.is_geographic:
            decimals = _DECIMALS_OF_METRES
        if self.reference.is_flipped:
            shape = f"ST_FlipCoordinates({shape})"
        columns = [*self._select_property_columns(properties), self._select_id()]
        return f"SELECT {', '.join(columns)}, ST_AsGeoJSON({shape}, {decimals}, 0) AS tipg_geom"


def layer_collection(
    name: str, plans: Sequence[int], reference: CrsReference, box: BBox | None = None
) -> LayerCollection:
    """Return the areas of some plans of a layer, to be read."""
    columns = [Column(name=column, type=kind, description=words) for column, kind, words in _COLUMNS]
    key = Column(name="id", type="bigint")
    geometry = Column(name=GEOMETRY, type="geometry", geometry_type="MultiPolygon", srid=4326)
    return LayerCollection(
        type="Table",
        id=name,
        schema="ogc",
        table="area",
        table_columns=[key, *columns, geometry],
        properties=[*columns, geometry],
        id_column=key,
        geometry_column=geometry,
        plans=tuple(plans),
        reference=reference,
        box=box,
    )
