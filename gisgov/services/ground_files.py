"""Layers of polygons in files, as they were drawn: read whole, with the fields that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import open_vectors
from gisgov.geometry.crs import CoordinateSystem, from_wgs84_geometries, to_wgs84_geometries
from gisgov.geometry.overlay import repaired
from gisgov.geometry.snap import densify
from gisgov.geometry.validity import find_invalid
from gisgov.services.importing.area_geometry import polygons_of
from gisgov.types import Geometries, Ints, Texts


@dataclass(frozen=True, slots=True)
class GroundFile:
    """A layer of polygons in a file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Its layer; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    code_field : str or None
        Field with the codes.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    code_field: str | None = None

    @property
    def words(self) -> str:
        """What to call it in a report."""
        return f"file {self.path.name}" + (f", layer {self.layer}" if self.layer else "")


@dataclass(frozen=True, slots=True, eq=False)
class DrawnGround:
    """The polygons of a file as they were drawn.

    Attributes
    ----------
    file : GroundFile
        Where they are from.
    layer : str
        Name of its layer.
    system : CoordinateSystem
        What the coordinates are in.
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Faults and all; None where a row has none.
    rows : numpy.ndarray of int, shape (n,)
        Row numbers in the file, from 1.
    fields : dict of str to numpy.ndarray of str
        The fields asked for; None where a row has none.
    """

    file: GroundFile
    layer: str
    system: CoordinateSystem
    geometries: Geometries
    rows: Ints
    fields: dict[str, Texts]

    @property
    def labels(self) -> list[str]:
        """What to call the polygons: by their codes, or by their rows where there is none."""
        field = self.file.code_field
        if field is None:
            return [f"row {row}" for row in self.rows.tolist()]
        codes = self.fields[field].tolist()
        return [code or f"row {row}" for code, row in zip(codes, self.rows.tolist(), strict=True)]

    def into(self, system: CoordinateSystem) -> Geometries:
        """Return the polygons in another system, those with broken rings as repaired.

        Long edges get vertices before they are moved, so that no border moves by more than 1 cm.
        """
        if self.system == system:
            return self.geometries
        sound = repaired(self.geometries, find_invalid(self.geometries))
        dense = densify(sound, self.system, target=system)
        return from_wgs84_geometries(to_wgs84_geometries(dense, self.system), system)

    def union(self, system: CoordinateSystem) -> shapely.Geometry:
        """Return the ground of all polygons in a system.

        Raises
        ------
        InputError
            One is invalid: without a sound scope nothing can be called a gap.
        """
        invalid = find_invalid(self.geometries)
        if len(invalid):
            i = int(invalid.index[0])
            raise InputError(
                f"{self.file.path.name}: row {self.rows[i]} is no sound polygon: {invalid.reason[0]} at "
                f"({invalid.x[0]:.7f}, {invalid.y[0]:.7f}).",
                hint="Mend the scope first: without it nothing can be called a gap.",
                field="scope",
            )
        return shapely.union_all(self.into(system))


def read_ground(ground: GroundFile, *further: str | None) -> DrawnGround:
    """Read the polygons of a file.

    Parameters
    ----------
    ground : GroundFile
        The file.
    *further : str, optional
        Fields to read besides the one with the codes; None is none.

    Raises
    ------
    FileError
        The file is absent, empty, truncated or of another kind.
    CrsError
        Its coordinate system is unknown, or contradicts what was declared.
    InputError
        There is no such layer or field, or it holds no areas.
    """
    name = ground.path.name
    refuse_without_crs(ground.crs, ground.path)
    with open_vectors(ground.path, layer=ground.layer) as source:
        system = choose_crs(ground.crs, source.crs, name=name)
        wanted = [field for field in (ground.code_field, *further) if field]
        found = {field: find_field(source.fields, field, file_name=name) for field in wanted}
        batches = list(source.batches())
    if not sum(len(batch.rows) for batch in batches):
        raise InputError(f"{name} holds no areas.", field="file")
    return DrawnGround(
        file=ground,
        layer=source.layer,
        system=system,
        geometries=polygons_of(np.concatenate([batch.geometries for batch in batches])),
        rows=np.concatenate([batch.rows for batch in batches]),
        fields={
            field: np.concatenate([texts_of(batch.attributes.column(real), field=real) for batch in batches])
            for field, real in found.items()
        },
    )


def ground_of_file(ground: GroundFile, system: CoordinateSystem) -> shapely.Geometry:
    """Return the union of all polygons of a file, in another system.

    Raises
    ------
    FileError, CrsError, InputError
        See `read_ground` and `DrawnGround.union`.
    """
    return read_ground(ground).union(system)


def areas_frame(ground: GroundFile) -> geopandas.GeoDataFrame:
    """Return the polygons of a file as maps draw them.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326: ``code``, and ``name`` which is the same. Broken rings are drawn as repaired.

    Raises
    ------
    FileError, CrsError, InputError
        See `read_ground`.
    """
    from gisgov.geometry.crs import WGS84

    drawn = read_ground(ground)
    sound = repaired(drawn.geometries, find_invalid(drawn.geometries))
    shapes = geopandas.GeoSeries(to_wgs84_geometries(sound, drawn.system), crs=WGS84.name)
    return geopandas.GeoDataFrame({"code": drawn.labels, "name": drawn.labels}, geometry=shapes)
