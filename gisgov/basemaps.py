"""Where a basemap is: addresses of tiles, with places for the zoom, the column, the row, and a key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from gisgov.errors import InputError, NotFoundError
from gisgov.secrecy import keep_secret

Matrix = Literal["web", "c"]
"""How tiles lie: `web` as Web Mercator has them, `c` as 天地图 has them in degrees (EPSG:4490)."""

_DEEPEST: Final = 22
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_RANGE: Final = re.compile(r"(\d)-(\d)|([a-z])-([a-z])")
_SECRET: Final = re.compile(r"tk|ak|key|token|(?:api|access)[_-]?(?:key|token)|secret", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Basemap:
    """Where a basemap is, and how its tiles lie.

    Attributes
    ----------
    templates : tuple of str
        Addresses with `{z}`, `{x}` and `{y}`, of sheets that lie over each other in this order. `{key}` is
        where the key stands, `{s}`, `{0-7}` or `{a-c}` one of several names of the server.
    matrix : {'web', 'c'}
        How the tiles lie.
    key : str
        The key, empty where there is none.
    """

    templates: tuple[str, ...]
    matrix: Matrix = "web"
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for template in self.templates:
            _refuse_unusable(template, has_key=bool(self.key))
            # a key that stands in the address is one all the same
            values = (value for name, value in parse_qsl(urlsplit(template).query) if _SECRET.fullmatch(name))
            keep_secret(*(value for value in values if "{" not in value))
        keep_secret(self.key)

    def address(self, sheet: int, z: int, x: int, y: int) -> str:
        """Return the address of a tile.

        Raises
        ------
        NotFoundError
            There is no such sheet, or no such tile in the matrix.

        Examples
        --------
        >>> Basemap(("https://t{0-7}.example/{z}/{x}/{y}?tk={key}",), key="k").address(0, 3, 6, 2)
        'https://t0.example/3/6/2?tk=k'
        """
        columns, rows = (2**z, 2**z) if self.matrix == "web" else (2**z, max(1, 2**z // 2))
        if not (0 <= z <= _DEEPEST and 0 <= x < columns and 0 <= y < rows and sheet < len(self.templates)):
            raise NotFoundError(f"The basemap has no tile {z}/{x}/{y}.")
        given = {"z": str(z), "x": str(x), "y": str(y), "key": self.key}

        def filled(found: re.Match[str]) -> str:
            name = found[1]
            if name in given:
                return given[name]
            names = _names_of("a-c" if name == "s" else name)
            return names[(x + y) % len(names)]

        return _PLACEHOLDER.sub(filled, self.templates[sheet])


def _names_of(range_: str) -> str:
    first, last = range_[0], range_[-1]
    return "".join(chr(code) for code in range(ord(first), ord(last) + 1))


def _refuse_unusable(template: str, *, has_key: bool) -> None:
    placeholders = _PLACEHOLDER.findall(template)
    parts = urlsplit(template)
    if parts.scheme not in ("http", "https") or not parts.netloc or not {"z", "x", "y"} <= set(placeholders):
        raise InputError(
            "GISGOV_BASEMAP_URL is no address of tiles: it takes http or https, and {z}, {x} and {y}.",
            hint="See docs/configuration.md.",
        )
    for name in placeholders:
        bounds = _RANGE.fullmatch(name)
        if name not in ("z", "x", "y", "s", "key") and (bounds is None or name[0] > name[-1]):
            raise InputError(
                f"GISGOV_BASEMAP_URL: nothing is known to stand for {{{name}}}.",
                hint="There are {z}, {x}, {y}, {key}, and {s}, {a-c} or {0-7} for names of the server.",
            )
    if ("key" in placeholders) and not has_key:
        raise InputError(
            "GISGOV_BASEMAP_URL has a place for a {key}, and none is given.",
            hint="Set GISGOV_BASEMAP_KEY, or GISGOV_BASEMAP_KEY_FILE.",
        )
