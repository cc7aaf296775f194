"""Addresses that a browser would fetch when it opens a page.

A page that a manager carries into a meeting must not depend on a network, nor tell anyone that it was
opened. The content-security-policy stops a browser from fetching; this finds what it would have to stop,
before the page is written.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_FETCHING = {
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "manifest",
    "ping",
    "longdesc",
}
_HREF_FETCHES = {"link", "image", "use", "feimage", "base", "script"}
_CSS_ADDRESS = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)'"]*))\s*\)|@import\s+["']([^"']+)["']""", re.IGNORECASE
)
_SCRIPT_ADDRESS = re.compile(r"""["'`]((?:https?:|wss?:)?//[^"'`\s]+)["'`]""", re.IGNORECASE)
_SCRIPT_CALL = re.compile(
    r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|importScripts|sendBeacon)\b(?=\s*\()|\bimport\s*\("
)

# names of vocabularies and the home page in Leaflet's credit line, which gisgov switches off: never fetched
_NAMES = re.compile(r"https?://(?:www\.w3\.org/|leafletjs\.com)")


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        is_data = tag == "script" and "json" in named.get("type", "")
        self.inside = tag if tag in ("style", "script") and not is_data else ""
        for name, value in named.items():
            if name in _FETCHING or (name in ("href", "xlink:href") and tag in _HREF_FETCHES):
                self._add(value)
            elif name == "style" or "url(" in value:
                self._add_css(value)
            elif name.startswith("on"):
                self.found.append(f"{name}={value}")
            elif name == "http-equiv" and value.lower() == "refresh":
                self.found.append(named.get("content", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self._add_css(data)
        elif self.inside == "script":
            addresses = (match[1] for match in _SCRIPT_ADDRESS.finditer(data))
            self.found.extend(address for address in addresses if not _NAMES.match(address))
            self.found.extend(match[0] for match in _SCRIPT_CALL.finditer(data))

    def _add(self, value: str) -> None:
        if value and not value.startswith(("data:", "#")):
            self.found.append(value)

    def _add_css(self, text: str) -> None:
        for match in _CSS_ADDRESS.finditer(text):
            self._add(next((part for part in match.groups() if part), "").strip())


def fetched_urls(html: str) -> tuple[str, ...]:
    """Find what a browser would fetch, and scripts that could.

    Parameters
    ----------
    html : str
        A whole page.

    Returns
    -------
    tuple of str
        Addresses in attributes, style sheets and scripts, event handlers in attributes, and calls that
        fetch, in the order they stand; links that someone has to click, ``data:`` and ``#…`` are none.

    Examples
    --------
    >>> fetched_urls('<link rel="stylesheet" href="https://example.org/a.css"><a href="https://example.org">home</a>')
    ('https://example.org/a.css',)
    """
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return tuple(finder.found)
