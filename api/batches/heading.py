"""What a batch is answered by: told in headers, and in the answer where its format has a place for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Heading:
    """The layer, the coordinate system and the day that answers are about.

    Attributes
    ----------
    layer, crs, at : str
        Name of the layer, of the coordinate system that points were taken in, and the day.
    details : bool
        Whether more than code and status is told.
    codes, names : sequence of str
        Of the areas of the layer, by their rows.
    """

    layer: str
    crs: str
    at: str
    details: bool
    codes: Sequence[str]
    names: Sequence[str]

    def headers(self) -> dict[str, str]:
        """Return what it says as headers of HTTP, percent-encoded as addresses are."""
        said = {"Gisgov-Layer": self.layer, "Gisgov-Crs": self.crs, "Gisgov-At": self.at}
        return {name: quote(value, safe=":/ -") for name, value in said.items()}

    def members(self) -> dict[str, str]:
        """Return what it says as members of a document."""
        return {"layer": self.layer, "crs": self.crs, "at": self.at}
