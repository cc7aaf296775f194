"""A server of tiles on loopback, as a basemap has one: it keeps what it was asked, and answers as told."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gisgov.basemaps import Basemap
from gisgov.services.basemap_tiles import BasemapTile, BasemapTiles


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """Return an image of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes((red, green, blue)) * side) * side
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class TileServer:
    """What it was asked (paths with their queries), and what it answers: a status, a type, a body."""

    base: str = ""
    asked: list[str] = field(default_factory=list)
    status: int = 200
    media_type: str = "image/png"
    body: bytes = field(default_factory=lambda: png(200, 220, 240))
    location: str = ""


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """Run one, on a port of its own."""
    told = TileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.send_header("Content-Type", told.media_type)
            self.send_header("Content-Length", str(len(told.body)))
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def kept_tile(z: int, x: int, y: int) -> BasemapTiles:
    """Return a basemap whose server is away, and of which one tile was fetched before."""
    tiles = BasemapTiles(Basemap(("http://127.0.0.1:1/{z}/{x}/{y}",)))
    tiles._keep((0, z, x, y), BasemapTile(png(200, 220, 240), "image/png"))
    return tiles
