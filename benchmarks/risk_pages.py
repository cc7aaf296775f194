"""The map of warning buildings with 30,000 and 300,000 buildings: first view, bytes, frames while panning.

Chromium without a GPU opens the manager's page on the demo district, served by `gisgov serve`; for the larger
number each of its buildings stands there ten times, a little aside. The first view is when the figures stand
(`gisgov:ready`), the map when all that it asked for is drawn (`gisgov:map`), both from the start of the
navigation; the service has shown the page once before. Frames are those between pressing and releasing the
mouse, and a second after: what a drag leaves to be drawn counts.

The peer is what one does without tiles: the same buildings as one file of GeoJSON, packed by gzip, on a map
of Leaflet that draws on a canvas. Nothing else is on it: no areas, no figures, no table.

    python -m benchmarks.risk_pages     on the database of GISGOV_DATABASE_URL, which it fills, or on a demo
"""

from __future__ import annotations

import contextlib
import gzip
import http.server
import statistics
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, Goal, note, show
from benchmarks.browser import launched, program
from benchmarks.web_pages import demo, served, signed_in
from gisgov.paths import root
from gisgov.store.database import Database

TIMES: Final = (1, 2) if QUICK else (1, 10)
_NEED_S: Final = 2.0
_FRAME_MS: Final = 33.0
_SIZE: Final = {"width": 1366, "height": 768}
_PATIENCE_MS: Final = 180_000
_MAP: Final = "performance.getEntriesByName('gisgov:map').length > 0"
_MARK_S: Final = "name => performance.getEntriesByName(name)[0].startTime / 1000"

_BEGIN: Final = """() => {
    window.spans = [];
    let last = performance.now();
    const look = (now) => {
        if (!window.spans) return;
        window.spans.push(now - last);
        last = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
_END: Final = "() => { const spans = window.spans; window.spans = null; return spans.slice(1); }"

_COPIES: Final = """
INSERT INTO building ({columns}, external_id, geom)
SELECT {columns}, external_id || '-' || copy, ST_Translate(geom, copy * 0.00004, copy % 3 * 0.00004)
FROM building CROSS JOIN generate_series(1, :copies) AS copy
WHERE external_id NOT LIKE '%-%'
"""
_OWN: Final = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_name = 'building' AND table_schema = 'public' AND column_name NOT IN ('id', 'external_id', 'geom')
"""
_GEOJSON: Final = """
SELECT '{"type":"FeatureCollection","features":[' || string_agg(
    '{"type":"Feature","geometry":' || ST_AsGeoJSON(geom, 7) || ',"properties":{"risk_class":"'
    || coalesce(risk_class, '') || '"}}', ',') || ']}'
FROM building WHERE geom IS NOT NULL
"""
_PEER: Final = b"""<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/leaflet.css">
<style>html, body, #map { height: 100%; margin: 0 }</style><div id="map"></div>
<script src="/leaflet.js"></script><script src="/page.js"></script>"""
_PEER_SCRIPT: Final = b"""
const colours = {warning: '#9b1237', general: '#e07b1f', safe: '#f2d866'};
fetch('/buildings.geojson').then((answer) => answer.json()).then((data) => {
  const map = L.map('map', {preferCanvas: true, zoomSnap: 0});
  const colour = ({properties}) => colours[properties.risk_class] ?? '#c9c6bf';
  const layer = L.geoJSON(data, {style: (one) => ({color: colour(one), weight: 0.5, fillOpacity: 1})});
  map.fitBounds(layer.getBounds());
  layer.addTo(map);
  requestAnimationFrame(() => setTimeout(() => performance.mark('gisgov:map')));
});"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page took.

    Attributes
    ----------
    map_s : float
        Seconds until the map was drawn.
    kilobytes : float
        What was sent until then.
    frames_ms : list of float
        Frames while panning.
    """

    map_s: float
    kilobytes: float
    frames_ms: list[float]

    @property
    def median_ms(self) -> float:
        """The middle frame."""
        return statistics.median(self.frames_ms)

    def __str__(self) -> str:
        last = sorted(self.frames_ms)[int(len(self.frames_ms) * 0.95)]
        frames = f"median={self.median_ms:.1f}ms p95={last:.1f}ms longest={max(self.frames_ms):.0f}ms"
        return f"map={self.map_s:.2f}s sent={self.kilobytes:.0f}kB {frames} frames={len(self.frames_ms)}"


def main() -> int:
    """Measure both pages with few and with many buildings; 2 when there is no Chromium."""
    if program() is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    with demo() as url, launched() as browser:
        for times in TIMES:
            count = _filled(url, times)
            with served(url) as base:
                token, _ = signed_in(url)
                cookie = {"name": "__Host-gisgov", "value": token, "url": base.replace("http:", "https:")}
                for _ in range(2):  # the first time the service reads the buildings
                    ours, ready_s = _ours(browser, base, {**cookie, "secure": True, "httpOnly": True})
            with _peer(url) as address:
                peer = _seen(browser.new_context(viewport=_SIZE), address, "#map")
            name = f"risk-page-{count}"
            show(Goal(f"{name}-first-view", ready_s, "<=", _NEED_S, "unit=s"))
            show(Goal(f"{name}-frame", ours.median_ms, "<=", _FRAME_MS, "unit=ms"))
            show(Bar(f"{name}-map", ours.map_s, "leaflet-geojson", peer.map_s, 1.0))
            note(f"{name} ours {ours}")
            note(f"{name} peer {peer}")
    return 0


def _filled(url: str, times: int) -> int:
    """Have each building so many times; how many there are."""
    database = Database(url)
    with database.begin() as connection:
        if times > 1:
            columns = connection.scalar(sa.text(_OWN))
            # what copies would tell the log and the audit is of no interest here
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.execute(sa.text(_COPIES.format(columns=columns)), {"copies": times - 1})
        count = connection.scalar(sa.text("SELECT count(*) FROM building"))
    database.dispose()
    return int(count or 0)


def _ours(browser: Any, base: str, cookie: dict[str, object]) -> tuple[Seen, float]:
    context = browser.new_context(viewport=_SIZE, locale="zh-CN")
    context.add_cookies([cookie])
    ready: list[float] = []
    seen = _seen(context, f"{base}/analysis/warning-buildings", ".map", ready)
    return seen, ready[0]


def _seen(context: Any, address: str, place: str, ready: list[float] | None = None) -> Seen:
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"] / 1000))
    session.send("Network.enable")
    page.goto(address, wait_until="commit")
    while not page.evaluate(_MAP):  # the policy of pages forbids what Playwright waits for conditions with
        page.wait_for_timeout(50)
    map_s, kilobytes = float(page.evaluate(_MARK_S, "gisgov:map")), sum(sizes)
    if ready is not None:
        ready.append(float(page.evaluate(_MARK_S, "gisgov:ready")))
    frames = _panned(page, page.locator(place).bounding_box())
    context.close()
    return Seen(map_s, kilobytes, frames)


def _panned(page: Any, box: dict[str, float]) -> list[float]:
    """Drag a map about close up, twice in, and return the milliseconds of its frames."""
    middle = box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    for _ in range(2):
        page.mouse.wheel(0, -400)
        page.wait_for_timeout(1_000)
    page.evaluate(_BEGIN)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(middle[0] - 2 * step, middle[1] + 60 - abs(step - 45))
    page.mouse.up()
    page.wait_for_timeout(1_000)
    return [float(span) for span in page.evaluate(_END)]


@contextlib.contextmanager
def _peer(url: str) -> Iterator[str]:
    """Serve the same buildings as one file, and a page of Leaflet for them; its address."""
    database = Database(url)
    with database.begin() as connection:
        text = connection.scalar(sa.text(_GEOJSON)) or ""
    database.dispose()
    leaflet = root() / "web" / "node_modules" / "leaflet" / "dist"
    files = {
        "/": ("text/html", _PEER),
        "/page.js": ("text/javascript", _PEER_SCRIPT),
        "/leaflet.js": ("text/javascript", (leaflet / "leaflet.js").read_bytes()),
        "/leaflet.css": ("text/css", (leaflet / "leaflet.css").read_bytes()),
        "/buildings.geojson": ("application/geo+json", text.encode()),
    }
    packed = {path: (kind, gzip.compress(body, 6)) for path, (kind, body) in files.items()}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = packed.get(self.path, ("text/plain", gzip.compress(b"")))
            self.send_response(200)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Encoding", "gzip"),
                ("Content-Length", str(len(body))),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
