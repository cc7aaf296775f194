"""What a map says about itself: the day, the plan, the rules, the coordinate systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gisgov.governance.titles import Language
from maps.words import Words


@dataclass(frozen=True, slots=True)
class MapFacts:
    """Provenance of what is drawn; what is None is not said.

    Attributes
    ----------
    place : str
        Name of the place, which begins the default title.
    at : date
        Day for which the plan was asked.
    plan : str
        Name of the plan whose areas are drawn.
    subject : str
        What was checked or repaired, by its name: a plan or a file.
    rules_version : str
        Version of the risk rules that gave the classes.
    rules_are_example : bool
        The rules are the shipped example, not a district's own.
    rated : date
        Day of the latest rating that is shown.
    rated_by : date
        Day at whose end the ratings stood as they are shown; without it they are those of now.
    first, last : date
        Period of the events.
    measured_in : str
        Name of the CRS that areas were measured in.
    source : str
        Where the data come from.
    area_zh, area_en : str
        What an area of the layer is called; by default 网格 and grid.
    """

    place: str | None = None
    at: date | None = None
    plan: str | None = None
    subject: str | None = None
    rules_version: str | None = None
    rules_are_example: bool = False
    rated: date | None = None
    rated_by: date | None = None
    first: date | None = None
    last: date | None = None
    measured_in: str | None = None
    source: str | None = None
    area_zh: str | None = None
    area_en: str | None = None

    def words(self, language: Language) -> Words:
        """Return the words of a language, areas called as in this layer."""
        return Words(language, area=self.area_zh if language == "zh" else self.area_en)

    def title(self, words: Words, key: str) -> str:
        """Return the default title of a kind of map: with the place, where that is known."""
        kind = words(key)
        if not self.place:
            return kind
        return f"{self.place}{kind}" if words.language == "zh" else f"{self.place}: {kind}"

    def headline(self, words: Words, *parts: Literal["period", "plan", "rules"]) -> str:
        """Return the line under the title, of those parts that are known."""
        said = []
        if "period" in parts and self.first and self.last:
            said.append(words("period", first=self.first.isoformat(), last=self.last.isoformat()))
        if "plan" in parts and self.at:
            said.append(words("on-day", day=self.at.isoformat()))
        if "plan" in parts and self.plan:
            said.append(words("plan", name=self.plan))
        if "plan" in parts and self.subject:
            said.append(self.subject)
        if "rules" in parts and self.rules_version:
            key = "rules-example" if self.rules_are_example else "rules"
            said.append(words(key, version=self.rules_version))
        if "rules" in parts and self.rated_by:
            said.append(words("rated-by", day=self.rated_by.isoformat()))
        elif "rules" in parts and self.rated:
            said.append(words("rated-on", day=self.rated.isoformat()))
        return words.gap.join(said)

    def notes(self, words: Words) -> list[str]:
        """Return the remarks about coordinates, measures and sources, one each."""
        lines = [words("crs-note")]
        if self.measured_in:
            lines.append(words("measured-note", crs=self.measured_in))
        if self.source:
            lines.append(self.source)
        return lines
