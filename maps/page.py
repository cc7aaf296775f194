"""A document composed into one HTML file by folium: everything inlined, nothing fetched.

folium renders the skeleton (the map, its options, the order of things). Assets and data are put in
afterwards at marked places, for two reasons: folium's elements are rendered a second time as templates, so
that a name such as ``{{ … }}`` would be worked out; and the texts are large.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from gisgov.errors import GisgovError
from gisgov.types import Json
from maps import panel
from maps.assets import WebAssets
from maps.document import Document
from maps.fetched import fetched_urls

_MARK = re.compile(r"<!--gisgov:([a-z-]+)-->")

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class _Sheet(Figure):
    """The file: a language for the right glyphs, everything inside head and body."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="<!--gisgov:language-->">\n<head>\n{{ this.header.render(**kwargs) }}\n'
        "<!--gisgov:style-->\n</head>\n<body>\n<!--gisgov:head-->\n{{ this.html.render(**kwargs) }}\n"
        "<!--gisgov:comparison--><!--gisgov:panel-->\n<!--gisgov:data-->\n<!--gisgov:licence-->\n<!--gisgov:script-->\n"
        "<script>{{ this.script.render(**kwargs) }}</script>\n</body>\n</html>\n"
    )


class _Opening(MacroElement):
    """The last line of the script: hands the map to gisgov's own."""

    _template = Template(
        "{% macro script(this, kwargs) %}gisgov.open({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "Opening", "of_map"


class _Map(folium.Map):
    """A folium map without tiles, and without the libraries that folium links to."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  as folium declares it
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def compose(document: Document, assets: WebAssets) -> str:
    """Compose a page.

    Parameters
    ----------
    document : Document
        What is shown.
    assets : WebAssets
        The built script and style.

    Returns
    -------
    str
        HTML of one file. The same document gives the same bytes.

    Raises
    ------
    GisgovError
        Something in the page would be fetched: the assets are not those of gisgov.
    """
    parts = {
        "language": document.words.html_language,
        "title": str(panel.escape(document.title)),
        "style": f"<style>{_without_pictures(assets.leaflet_css)}</style>\n<style>{assets.map_css}</style>",
        "head": str(panel.head(document)),
        "comparison": str(panel.comparison(document)),
        "panel": str(panel.panel(document)),
        "data": f'<script type="application/json" id="gisgov-data">{_json(document.data())}</script>',
        "licence": f"<!--\nLeaflet:\n{assets.leaflet_licence.replace('--', '- -')}-->",
        "script": f"<script>{_script(assets.leaflet_js)}</script>\n<script>{_script(assets.map_js)}</script>",
    }
    skeleton = _skeleton(document)
    # each mark once, and never one inside what was put in: names of places are not instructions
    page = _MARK.sub(lambda match: parts.get(match[1], match[0]), skeleton)
    page = page.replace("<!--gisgov:policy-->", _policy(page), 1)
    found = fetched_urls(page)
    if found:
        raise GisgovError(
            f"The page would fetch {found[0]!r}.", hint="Build the web assets again: `make web`."
        )
    return page


def _skeleton(document: Document) -> str:
    west, south, east, north = document.bounds
    sheet = _Sheet()
    sheet.header.add_child(
        Element('<meta http-equiv="Content-Security-Policy" content="<!--gisgov:policy-->">'), name="policy"
    )
    sheet.header.add_child(Element("<title><!--gisgov:title--></title>"), name="title")
    drawn = _Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=12,
        max_zoom=document.max_zoom,
        tiles=None,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=1,
        wheel_px_per_zoom_level=90,
        max_bounds_viscosity=0.6,
        font_size="13px",
    )
    # folium's own are random, and a page would never be the same twice
    drawn._id = document.kind.replace("-", "_")
    sheet.add_child(drawn, name="map")
    drawn.add_child(_Opening(), name="opening")
    rendered: str = sheet.render()
    return rendered


def _json(data: Json) -> str:
    """JSON that cannot end the element it stands in, nor begin a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _script(text: str) -> str:
    """Script without the comment that names its source map, which developer tools would fetch."""
    return re.sub(r"//# sourceMappingURL=.*", "", text).strip()


def _without_pictures(css: str) -> str:
    """Leaflet's style less the rules with pictures: markers and the layer switch, which no map here uses."""
    return re.sub(r"[^{}]+\{[^{}]*url\([^{}]*\}", "", css)


def _policy(page: str) -> str:
    """Allow the scripts and styles that stand in this page, by hash: not even an injected one would run."""

    def hashes(pattern: re.Pattern[str]) -> str:
        digests = (hashlib.sha256(text.encode()).digest() for text in pattern.findall(page))
        return " ".join(dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))

    return _POLICY.format(scripts=hashes(_SCRIPT), styles=hashes(_STYLE))
