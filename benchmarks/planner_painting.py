"""Painting blocks on the planner's page: how long frames take while a brush goes over 10,000 blocks.

The built page in Chromium without a GPU, on a coverage whose blocks have crooked borders, sent as the service
sends it. The brush of 48 pixels goes over the map in long lines; then the map is pushed about. Told are the
times between frames as the browser counts them (`requestAnimationFrame`), the mean and the 95th percentile.

The peer is the plain way to do it: the same blocks as GeoJSON in one vector layer of OpenLayers, each with a
style by its area, set anew in each block that the brush touches, along the same lines in the same browser.
"""

from __future__ import annotations

import json
import statistics
from typing import Any

import numpy as np

from benchmarks.bars import QUICK, Bar, Goal, note, show
from benchmarks.browser import launched, program
from gisgov.paths import root

_SIDE = 40 if QUICK else 100  # blocks to a side of the coverage
_AREAS = 8 if QUICK else 17  # areas to a side
_MOVES = 40 if QUICK else 80
_BETWEEN = 4  # vertices within each edge
_STEP = 9000  # 1e-7°: a block is 90 m wide
_WEST, _SOUTH = 1_128_000_000, 225_600_000
_BASE = "http://planner.benchmark"
_SIZE = {"width": 1366, "height": 768}
_FRAME_MS = 1000 / 30
_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}

# One step of the pointer in each frame, as fast as frames come; the time between them is what the work takes.
_DRAG = """(way) => new Promise((resolve) => {
  const target = document.querySelector('#map .ol-viewport .ol-layers');
  const tell = (kind, [clientX, clientY], buttons) => target.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, cancelable: true, clientX, clientY, button: kind === 'pointermove' ? -1 : 0, buttons,
    pointerId: 1, isPrimary: true, pointerType: 'mouse'}));
  const frames = []; let last = 0; let step = 0;
  tell('pointermove', way[0], 0); tell('pointerdown', way[0], 1);
  const tick = (now) => {
    if (last) frames.push(now - last);
    last = now;
    if (++step < way.length) { tell('pointermove', way[step], 1); requestAnimationFrame(tick); }
    else { tell('pointerup', way[step - 1], 0); resolve(frames); }
  };
  requestAnimationFrame(tick);
})"""

_PLAIN = """(collection) => {
  document.body.innerHTML = '<div id="map" style="position:absolute;inset:54px 404px 32px 48px"></div>';
  const colours = ['#cfe0ea', '#f3dfc1', '#d9e8cf', '#eed3d6', '#dcd5ea', '#f2ecc4', '#cfe5e0', '#ead9c9'];
  const stroke = new ol.style.Stroke({color: 'rgba(43,42,39,0.4)', width: 1});
  const styles = colours.map((color) => new ol.style.Style({fill: new ol.style.Fill({color}), stroke}));
  const format = new ol.format.GeoJSON({featureProjection: 'EPSG:3857'});
  const source = new ol.source.Vector({features: format.readFeatures(collection)});
  const layer = new ol.layer.Vector({source, style: (feature) => styles[feature.get('area') % 8]});
  const map = new ol.Map({target: 'map', layers: [layer], view: new ol.View({center: [0, 0], zoom: 2})});
  map.getView().fit(source.getExtent(), {padding: [16, 16, 16, 16]});
  let paints = false;
  const given = map.getInteractions().getArray().slice();
  window.brush = (on) => {
    paints = on;
    for (const one of given) one.setActive(!on);
  };
  window.painted = () => source.getFeatures().filter((one) => one.get('was') !== undefined).length;
  map.on('pointerdrag', ({coordinate: [x, y]}) => {
    if (!paints) return;
    const reach = 24 * map.getView().getResolution();
    source.forEachFeatureIntersectingExtent([x - reach, y - reach, x + reach, y + reach], (one) => {
      if (one.get('area') !== 0) one.setProperties({was: one.get('area'), area: 0});
    });
  });
  return new Promise((resolve) => map.once('rendercomplete', () => resolve(source.getFeatures().length)));
}"""


def _line(rng: np.random.Generator) -> np.ndarray:
    """Return vertices of crooked lines along the rows of a lattice, shape (rows, vertices, 2)."""
    count = _SIDE * (_BETWEEN + 1) + 1
    along = np.linspace(0, _SIDE * _STEP, count)
    aside = rng.integers(-_STEP // 9, _STEP // 9, size=(_SIDE + 1, count))
    aside[:, :: _BETWEEN + 1] = 0  # the corners of blocks stay where the other lines have them
    rows = np.arange(_SIDE + 1)[:, np.newaxis] * _STEP + aside
    return np.stack((np.broadcast_to(along, rows.shape), rows), axis=-1).astype(np.int64)


def coverage() -> dict[str, Any]:
    """Return the blocks as `GET /v1/plans/{plan}/blocks` sends them: a lattice with crooked borders."""
    rng = np.random.default_rng(11)
    level, upright = _line(rng), _line(rng)[:, :, ::-1]
    wide = _BETWEEN + 1
    shapes, area = [], []
    for row in range(_SIDE):
        for column in range(_SIDE):
            here, there = (
                slice(column * wide, column * wide + wide + 1),
                slice(row * wide, row * wide + wide + 1),
            )
            south, north = level[row, here], level[row + 1, here]
            west, east = upright[column, there], upright[column + 1, there]
            ring = np.concatenate((south[:-1], east[:-1], north[:0:-1], west[::-1]))
            shapes.append([[np.diff(ring, axis=0, prepend=[[0, 0]]).ravel().tolist()]])
            area.append(row * _AREAS // _SIDE * _AREAS + column * _AREAS // _SIDE)
    count = _SIDE * _SIDE
    return {
        "plan": "draft",
        "revision": 1,
        "whole": True,
        "origin": [_WEST / 1e7, _SOUTH / 1e7],
        "scale": 1e-7,
        "codes": [f"D{i:05}" for i in range(count)],
        "area": area,
        "area_codes": [f"{i:03}" for i in range(_AREAS * _AREAS)],
        "parent": [0] * count,
        "parent_codes": ["001"],
        "population": rng.integers(0, 400, count).tolist(),
        "households": [50] * count,
        "area_m2": [8000.0] * count,
        "shapes": shapes,
        "gone": [],
    }


def _as_geojson(blocks: dict[str, Any]) -> dict[str, Any]:
    features = []
    for shape, area in zip(blocks["shapes"], blocks["area"], strict=True):
        ring = np.array(shape[0][0]).reshape(-1, 2).cumsum(axis=0)
        places = ((ring + np.array((_WEST, _SOUTH))) / 1e7).tolist()
        geometry = {"type": "Polygon", "coordinates": [places]}
        features.append({"type": "Feature", "properties": {"area": area}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


class _Service:
    """Answers the page like the service: its files, and a draft of the coverage."""

    def __init__(self, blocks: dict[str, Any]) -> None:
        self._static = root() / "maps" / "static"
        self._revision, self.painted = 1, 0
        plan = {
            **dict.fromkeys(("valid_from", "valid_to", "decision", "author", "based_on")),
            "name": "draft",
            "layer": "grid",
            "scope_code": "1",
            "status": "draft",
            "revision": 1,
            "areas": _AREAS * _AREAS,
        }
        layer = {
            **dict.fromkeys(("parent", "nesting", "code_scheme", "staffing")),
            "name": "grid",
            "title_zh": "网格",
            "title_en": "Grid",
            "kind": "partition",
            "targets": {
                "area_km2": 0.5,
                "population": 5000,
                "weight_area": 0.5,
                "weight_population": 0.5,
                "terms": [],
            },
        }
        nothing: dict[str, Any] = {"problems": [], "undoable": None, "redoable": None}
        figures = [
            {
                "code": code,
                "name": f"Grid {code}",
                "parent_codes": ["001"],
                "locked": False,
                "parts": 1,
                "blocks": 36,
                "population": 7000,
                "households": 1800,
                "area_km2": 0.3,
                "polsby_popper": 0.7,
                "load": 1.0,
                "deviation": 0.0,
                "along_streets": None,
            }
            for code in blocks["area_codes"]
        ]
        self._answers: dict[str, Any] = {
            "/v1/session": {
                "account": "li",
                "kind": "account",
                "roles": [],
                "rights": ["plans.read", "plans.draft"],
                "csrf_token": "x",
                "expires": None,
                "sign_on": [],
            },
            "/v1/service": {
                "version": "0",
                "basemap": None,
                "today": "2026-01-01",
                "timezone": "Asia/Shanghai",
            },
            "/v1/plans/draft": {"plan": plan},
            "/v1/layers/grid": {
                "layer": layer,
                "children": [],
                "code_scheme": None,
                "in_force": [],
                "drafts": [],
            },
            "/v1/plans/draft/draft": {
                **nothing,
                "plan": plan,
                "revision": 1,
                "based_on": None,
                "replaced_by": None,
                "snapshots": [],
                "areas": figures,
            },
            "/v1/plans/draft/blocks": blocks,
            "/v1/plans/draft/presence": {"revision": 1, "others": []},
        }
        self._nothing = nothing

    def answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(_BASE).partition("?")[0]
        if path == "/plain":
            route.fulfill(body="<!doctype html><body></body>", content_type="text/html")
        elif path == "/planner":
            self._file(route, "pages/planner.html")
        elif path.startswith("/static/"):
            self._file(route, path.removeprefix("/static/"))
        elif path == "/v1/plans/draft/operations" and route.request.method == "POST":
            self._revision += 1
            self.painted = len(route.request.post_data_json["blocks"])
            done = {
                "plan": "draft",
                "revision": self._revision,
                "operation": "assign",
                "areas": [],
                "ended": [],
            }
            counts = dict.fromkeys(("moved_blocks", "moved_population", "cut_blocks"), 0)
            self._json(route, {**self._nothing, **done, **counts, "conflicts": []})
        elif path in self._answers:
            self._json(route, self._answers[path])
        else:
            route.fulfill(status=204)

    def _file(self, route: Any, name: str) -> None:
        path = self._static / name
        route.fulfill(
            body=path.read_bytes(), content_type=_KINDS.get(path.suffix, "application/octet-stream")
        )

    @staticmethod
    def _json(route: Any, content: Any) -> None:
        route.fulfill(body=json.dumps(content), content_type="application/json")


def _lines(box: dict[str, float]) -> list[tuple[float, float]]:
    """Return the pointer's way: up and down over the map from its west to its east."""
    turns = np.linspace(0, 5, _MOVES)
    x = box["x"] + box["width"] * (0.35 + 0.3 * turns / 5)
    y = box["y"] + box["height"] * (0.5 + 0.3 * np.sin(turns * np.pi))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _frames(page: Any) -> list[float]:
    """Drag along the lines; the answer is the time of each frame, ms."""
    way = _lines(page.locator("#map").bounding_box())
    found: list[float] = page.evaluate(_DRAG, way)
    return found


def _view() -> str:
    """Return the view that shows all blocks, as the address has it."""
    reach = _SIDE * _STEP / 2
    zoom = np.log2(360 * 1e7 / 256 * 620 / (2 * reach))
    return f"{zoom:.2f}/{(_WEST + reach) / 1e7:.5f}/{(_SOUTH + reach) / 1e7:.5f}"


def _told(name: str, frames: list[float]) -> float:
    ordered = sorted(frames)
    mean, late = statistics.mean(ordered), ordered[int(0.95 * len(ordered))]
    note(
        f"{name}: {len(ordered)} frames, mean {mean:.1f} ms, 95 % within {late:.1f} ms, "
        f"worst {ordered[-1]:.0f} ms"
    )
    return mean


def main() -> None:
    """Paint and push on the planner's page, and paint the plain way."""
    if program() is None or not (root() / "maps" / "static" / "pages" / "planner.html").exists():
        note("planner_painting: needs Chromium and the built pages")
        return
    blocks = coverage()
    service = _Service(blocks)
    with launched() as browser:
        page = browser.new_page(viewport=_SIZE)
        page.route("**/*", service.answer)
        page.goto(f"{_BASE}/planner#plan=draft&areas=000&tool=paint&lang=en&view={_view()}")
        page.locator("html[data-ready]").wait_for(state="attached")
        page.keyboard.press("]")
        opened = page.evaluate("performance.getEntriesByName('gisgov:ready')[0].startTime")
        note(f"planner_painting: {len(blocks['codes'])} blocks, on the screen after {opened / 1000:.2f} s")
        ours = _told("painting", _frames(page))
        page.locator(".sending.good").wait_for()
        page.keyboard.press("v")
        panning = _told("panning", _frames(page))
        note(f"painted in one stroke: {service.painted} blocks")
        page.close()

        page = browser.new_page(viewport=_SIZE)
        page.route("**/*", service.answer)
        page.goto(f"{_BASE}/plain")
        page.add_script_tag(path=str(root() / "web" / "node_modules" / "ol" / "dist" / "ol.js"))
        page.evaluate(_PLAIN, _as_geojson(blocks))
        page.evaluate("brush(true)")
        peer = _told("plain vector layer, painting", _frames(page))
        touched = page.evaluate("painted()")
        page.evaluate("brush(false)")
        peer_panning = _told("plain vector layer, panning", _frames(page))
    note(f"painted in the plain way: {touched} blocks")
    if not (service.painted and touched):
        raise SystemExit("nothing was painted: there is nothing to compare")
    show(
        Bar(
            "planner_painting_frame",
            ours / 1000,
            "plain_vector_layer",
            peer / 1000,
            need=2.0,
            limit_s=_FRAME_MS / 1000,
        )
    )
    show(
        Bar(
            "planner_panning_frame",
            panning / 1000,
            "plain_vector_layer",
            peer_panning / 1000,
            need=1.0,
            limit_s=_FRAME_MS / 1000,
        )
    )
    show(Goal("planner_painting_rate", 1000 / ours, ">=", 30, "unit=frames/s"))


if __name__ == "__main__":
    main()
