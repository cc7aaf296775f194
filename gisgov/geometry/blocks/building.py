"""From streets, water, railways and compounds to blocks, step by step."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.geometry.blocks.drawing import Drawing, Layer
from gisgov.geometry.blocks.end_snapping import extensions_of
from gisgov.geometry.blocks.groups import Ground
from gisgov.geometry.blocks.inheriting import inherited
from gisgov.geometry.blocks.joining import join_narrow
from gisgov.geometry.blocks.keys import keys_of
from gisgov.geometry.blocks.line_choice import kinds_and_levels, only
from gisgov.geometry.blocks.outlines import chains_of, polygons_of
from gisgov.geometry.blocks.plane import Plane, faces_of, without_dead_ends
from gisgov.geometry.blocks.reaches import reaches_of
from gisgov.geometry.blocks.regions import NONE, regions_of, together
from gisgov.geometry.blocks.result import BlockReport, BlockTolerances, BuiltBlocks
from gisgov.geometry.blocks.segments import joined, points_at, polygons_in, segments_of
from gisgov.geometry.blocks.strips import strips_of
from gisgov.geometry.blocks.ties import ties_of
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Geometries, Ints, Progress, silent

_USUAL: Final = BlockTolerances()


def build_blocks(
    parents: Geometries,
    lines: Geometries,
    line_class: npt.ArrayLike,
    *,
    line_level: npt.ArrayLike | None = None,
    water: Geometries | None = None,
    compounds: Geometries | None = None,
    tolerances: BlockTolerances = _USUAL,
    progress: Progress = silent,
) -> BuiltBlocks:
    """Cut the ground of areas into blocks along lines.

    Parameters
    ----------
    parents : numpy.ndarray of shapely.Geometry, shape (p,)
        Valid polygons and multipolygons in stored coordinates (EPSG:4326, grid of 1e-7°); None and empty ones
        get no block. Together they are the scope.
    lines : numpy.ndarray of shapely.Geometry, shape (n,)
        Streets, rivers, railways as (multi)lines in EPSG:4326, straight from vertex to vertex; None and empty
        ones are passed over.
    line_class : array_like of int, shape (n,)
        The `EdgeClass` of each line.
    line_level : array_like of int, shape (n,), optional
        0 on the ground (the default), more for bridges and viaducts, less for tunnels.
    water : numpy.ndarray of shapely.Geometry, shape (w,), optional
        Water bodies as polygons: each is a block in each parent, whatever crosses it; rivers are
        cut across into reaches.
    compounds : numpy.ndarray of shapely.Geometry, shape (c,), optional
        Polygons whose local streets divide nothing.
    tolerances : BlockTolerances
        How near is the same, and how small is no block.
    progress : Progress
        Told of each of the steps.

    Returns
    -------
    BuiltBlocks
        Every place of a parent lies in exactly one block. Vertices of parents are kept to the bit; where a
        line ends on their border it gets a vertex, at most a step of the grid beside it, in the blocks
        on both sides. The result does not depend on the order of the lines.

    Raises
    ------
    InputError
        A parent is no valid polygon, or lengths differ.

    Notes
    -----
    What is under the ground divides nothing. What is above it divides the ground below as a line on it would,
    for a street is not interrupted by its bridge, with two exceptions: where a line on the ground runs beside
    it (within ``carriageway_m``) that one is the border, and over water bodies given as polygons it divides
    nothing. Lines of different levels cross without meeting, which is counted; seen from above they cut each
    other.

    Strips between the carriageways of a road are cut where streets end on them and put to the blocks on one
    side: across the line of the lower class, else to the north, so that the border is one line of the road.

    Examples
    --------
    >>> parent = shapely.box(114.0, 30.0, 114.02, 30.01)
    >>> street = shapely.LineString([(114.01, 29.99), (114.01, 30.02)])
    >>> blocks = build_blocks(np.array([parent]), np.array([street]), [EdgeClass.LOCAL])
    >>> len(blocks), blocks.edge_class.tolist()
    (2, [6, 1, 6])
    """
    parents = np.asarray(parents, dtype=object)
    kinds, levels = kinds_and_levels(lines, line_class, line_level)
    if not shapely.is_valid(parents[~shapely.is_missing(parents)]).all():
        number = int(np.flatnonzero(~shapely.is_missing(parents) & ~shapely.is_valid(parents))[0])
        raise InputError(
            f"Parent {number} is not a valid polygon.", hint="Repair the layer of the parents first."
        )
    work = _Work(parents, tolerances)
    steps = (
        lambda: work.read(np.asarray(lines, dtype=object), kinds, levels, water, compounds),
        work.cut,
        work.place,
        work.tie,
        work.join,
        work.draw,
    )
    for step in progress(steps, label="blocks", total=len(steps)):
        step()
    return work.result()


class _Work:
    """The steps, with what each leaves to the next."""

    def __init__(self, parents: Geometries, tolerances: BlockTolerances) -> None:
        self.parents = parents
        self.tolerances = tolerances

    def read(
        self,
        lines: Geometries,
        kinds: Ints,
        levels: Ints,
        water: Geometries | None,
        compounds: Geometries | None,
    ) -> None:
        """Choose the lines of the scope, and draw ends on to what they miss."""
        in_scope = np.zeros(len(lines), dtype=bool)
        in_scope[shapely.STRtree(lines).query(self.parents, predicate="intersects")[1]] = True
        self.tunnels = int((in_scope & (levels < 0)).sum())
        used = in_scope & (levels >= 0)
        self.lines = int(used.sum())
        chosen = only(lines, used)
        streets = segments_of(chosen)
        bodies, self.is_reach = reaches_of(polygons_in(water), chosen, self.tolerances.reach_m)
        parents, lakes, walls = (segments_of(some) for some in (self.parents, bodies, polygons_in(compounds)))
        grown = extensions_of(streets, joined(parents, lakes, walls), levels, self.tolerances.snap_m)
        self.snapped_ends = len(grown)
        streets = joined(streets, grown)
        self.layers = (
            Layer.alike(parents, EdgeClass.ADMINISTRATIVE),
            Layer.alike(lakes, EdgeClass.WATER),
            Layer.alike(walls, EdgeClass.UNCLASSIFIED),
            Layer(streets, kinds[streets.owner], levels[streets.owner]),
        )

    def cut(self) -> None:
        """Cut everything where it meets, and leave out what bounds nothing."""
        drawing = Drawing.of(self.layers)
        kept = without_dead_ends(drawing.plane)
        self.dangles, self.dangle_m = self._dead_ends(drawing.plane, ~kept)
        self.drawing = drawing.on(kept)

    def _dead_ends(self, plane: Plane, is_dead: Bools) -> tuple[int, float]:
        """Count dead ends inside the scope, and measure them."""
        edge = np.flatnonzero(is_dead)
        middle = (plane.xy[plane.lower[edge]] + plane.xy[plane.upper[edge]]) / 2e7
        tree = shapely.STRtree(points_at(middle))
        edge = edge[np.unique(tree.query(self.parents, predicate="contains")[1])]
        ends = plane.origin.reshape(-1, 2)[edge].ravel()
        count = np.bincount(plane.origin, minlength=len(plane.xy))[ends]
        return int((count == 1).sum()), float(plane.length_m[edge].sum())

    def place(self) -> None:
        """Find the faces, and what they lie in."""
        plane = self.drawing.plane
        self.faces = faces_of(plane)
        self.is_strip = strips_of(
            plane, self.faces, self.drawing.kind, self.drawing.is_tie, self.tolerances.carriageway_m
        )
        self.parent, self.lake, self.compound = (
            regions_of(plane, self.faces, outlines) for outlines in self.drawing.outlines[:3]
        )

    def tie(self) -> None:
        """Let strips of roads fall apart where streets end on them."""
        self.is_strip &= self.parent.number != NONE
        if not self.is_strip.any():
            return
        ties = ties_of(
            self.drawing.plane, self.faces, self.is_strip, self.drawing.kind, self.tolerances.carriageway_m
        )
        if not len(ties[0]):
            return
        drawing = self.drawing.with_ties(*ties)
        self.drawing = drawing.on(without_dead_ends(drawing.plane))
        self.place()

    def join(self) -> None:
        """Put together what is one block."""
        left, right = self.faces.left[::2], self.faces.left[1::2]
        parent, lake, compound = (some.number for some in (self.parent, self.lake, self.compound))
        drawing = self.drawing
        same_parent = parent[left] == parent[right]
        is_water = same_parent & (lake[left] == lake[right]) & (lake[left] != NONE)
        is_water &= ~(self.is_strip[left] & self.is_strip[right])  # canals go to their banks piece by piece
        is_inside = same_parent & (compound[left] == compound[right]) & (compound[left] != NONE)
        is_inside &= np.isin(drawing.kind, (EdgeClass.LOCAL, EdgeClass.UNCLASSIFIED)) & ~is_water
        length_m = drawing.plane.length_m
        in_scope = (parent[left] != NONE) | (parent[right] != NONE)
        self.compound_m = float(length_m[is_inside & in_scope].sum())
        # where parents overlap, the border of the one that did not get the ground divides nothing
        is_theirs = np.zeros(len(drawing.plane), dtype=bool)
        is_theirs[drawing.outlines[0].edge] = True
        is_theirs &= drawing.kind == EdgeClass.ADMINISTRATIVE
        gone = same_parent & (is_water | is_inside | is_theirs | (parent[left] == NONE))
        block = together(self.faces.count + 1, left[gone], right[gone])
        ground = Ground(
            plane=drawing.plane,
            faces=self.faces,
            kind=drawing.kind,
            is_elevated=drawing.is_elevated,
            block=block,
            parent=parent,
            is_own=(lake != NONE) | (compound != NONE),
            is_tie=drawing.is_tie,
            is_strip=self.is_strip & (compound == NONE),
        )
        self.joined = join_narrow(ground, self.tolerances)
        found = self.joined.block
        self.is_border = (found[left] != found[right]) & in_scope
        self.elevated_left_out_m = float(length_m[in_scope & drawing.is_elevated & ~self.is_border].sum())
        self.kind = inherited(
            drawing.plane,
            self.faces.left,
            found != block,
            self.is_border,
            drawing.kind,
            1.5 * self.tolerances.carriageway_m,
        )

    def draw(self) -> None:
        """Draw blocks and their borders."""
        block, parent = self.joined.block, self.parent.number
        names, number = np.unique(block, return_inverse=True)
        block_parent = np.full(len(names), NONE, dtype=np.int64)
        block_parent[number] = parent
        inside = np.flatnonzero(block_parent != NONE)
        turn = np.full(len(names), len(inside), dtype=np.int64)
        turn[inside] = np.arange(len(inside))
        number = turn[number]
        area_m2, wet_m2 = (
            np.bincount(number[:-1], some, minlength=len(inside) + 1)[: len(inside)].astype(np.float64)
            for some in (self.faces.area_m2, np.where(self.lake.number[:-1] != NONE, self.faces.area_m2, 0.0))
        )
        plane = self.drawing.plane.of(self.is_border)
        left = number[self.faces.left.reshape(-1, 2)[self.is_border].ravel()]
        polygons = polygons_of(plane, left, len(inside))
        keys = keys_of(polygons, area_m2)
        order = np.lexsort((keys.astype(str), block_parent[inside]))
        edges, edge_class = chains_of(plane, self.kind[self.is_border])
        self.blocks = (polygons[order], block_parent[inside][order], keys[order])
        self.is_water = (wet_m2 > area_m2 / 2.0)[order]
        lake = self.lake.number[:-1]
        reach = np.unique(number[:-1][(lake != NONE) & np.append(self.is_reach, False)[lake]])
        self.reaches = int((wet_m2 > area_m2 / 2.0)[reach[reach < len(inside)]].sum())
        self.edges = (edges, edge_class)

    def result(self) -> BuiltBlocks:
        """Say what came of it."""
        report = BlockReport(
            lines=self.lines,
            tunnels=self.tunnels,
            overpasses=self.drawing.overpasses,
            elevated_left_out_m=self.elevated_left_out_m,
            snapped_ends=self.snapped_ends,
            dangles=self.dangles,
            dangle_m=self.dangle_m,
            carriageways=self.joined.carriageways,
            slivers=self.joined.slivers,
            small_left=self.joined.small_left,
            compound_m=self.compound_m,
            water=int(self.is_water.sum()),
            reaches=self.reaches,
            contested_m2=float(self.faces.area_m2[self.parent.is_contested[:-1]].sum()),
        )
        return BuiltBlocks(*self.blocks, self.is_water, *self.edges, report)
