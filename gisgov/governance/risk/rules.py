"""Risk rules: which facts of a building give how many points, and what makes a class at once."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.risk.origins import EventCount, HazardCount
from gisgov.governance.titles import Language, Titled


class RiskClass(Titled):
    """The class of a building; ``unclassified`` where too little is known to give one."""

    SAFE = "safe", "放心", "Safe"
    GENERAL = "general", "一般", "General"
    WARNING = "warning", "警示", "Warning"
    UNCLASSIFIED = "unclassified", "未评定", "Unclassified"


class FactKind(Titled):
    """What the values of a fact are."""

    INTEGER = "integer", "整数", "Whole number"
    YEAR = "year", "年份", "Year"
    NUMBER = "number", "数值", "Number"
    CHOICE = "choice", "选项", "Choice"
    FLAG = "flag", "是否", "Yes or no"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a fact of kind ``choice`` may have."""

    value: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of a building that rules look at.

    Parameters
    ----------
    name : str
        Name of the column or key that holds it.
    title_zh, title_en : str
        Its titles for people.
    kind : FactKind
        What its values are.
    unit_zh, unit_en : str or None
        Unit of a number; a year has none.
    meaning : str
        What it counts, over which window and distance.
    least, most : float or None
        Limits of a number; a value beyond them counts as unknown and is reported.
    choices : tuple of Choice
        Allowed values of a choice, empty for other kinds.
    origin : HazardCount, EventCount or None
        What is counted; None for a fact that is written down with the building.
    """

    name: str
    title_zh: str
    title_en: str
    kind: FactKind
    meaning: str
    unit_zh: str | None = None
    unit_en: str | None = None
    least: float | None = None
    most: float | None = None
    choices: tuple[Choice, ...] = ()
    origin: HazardCount | EventCount | None = None

    def titled(self, value: float, language: Language) -> str:
        """Say a value of this fact, as `gisgov.governance.risk.facts.read_column` gives it."""
        zh = language == "zh"
        if self.kind is FactKind.FLAG:
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        if self.kind is FactKind.CHOICE:
            choice = self.choices[int(value)]
            return choice.title_zh if zh else choice.title_en
        unit = self.unit_zh if zh else self.unit_en
        if self.kind is FactKind.YEAR:
            unit = "年" if zh else None
        return f"{value:g} {unit}" if unit else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question to one fact; an unknown fact never meets it.

    ``at_least`` and ``at_most`` are for numbers, ``one_of`` for choices, ``flag`` for yes or no.
    """

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()
    flag: bool | None = None

    def __str__(self) -> str:
        if self.flag is not None:
            return f"{self.fact}={'yes' if self.flag else 'no'}"
        if self.one_of:
            return f"{self.fact}={'|'.join(self.one_of)}"
        parts = [f">={self.at_least:g}"] if self.at_least is not None else []
        parts += [f"<={self.at_most:g}"] if self.at_most is not None else []
        return self.fact + "".join(parts)

    def titled(self, fact: Fact, language: Language) -> str:
        """Say the condition for people, such as ``Open fire findings: 2 or more``."""
        zh = language == "zh"
        if self.flag is not None:
            answer = ("是" if self.flag else "否") if zh else ("yes" if self.flag else "no")
        elif self.one_of:
            titles = {choice.value: choice.title_zh if zh else choice.title_en for choice in fact.choices}
            answer = ("、" if zh else ", ").join(titles[value] for value in self.one_of)
        else:
            answer = _limits(self, fact, language)
        return f"{fact.title_zh}：{answer}" if zh else f"{fact.title_en}: {answer}"


@dataclass(frozen=True, slots=True)
class Band:
    """Points that a factor gives where a condition is met."""

    condition: Condition
    points: int


@dataclass(frozen=True, slots=True)
class Factor:
    """A scale of points on one fact; the first band whose condition is met gives its points."""

    name: str
    title_zh: str
    title_en: str
    fact: str
    bands: tuple[Band, ...]

    def reason(self, band: Band) -> str:
        """Return the stored reason of a band: ``fire: fire_findings>=2 +15``."""
        return f"{self.name}: {band.condition} +{band.points}"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A class that a building has at least, whatever its points, where all conditions are met."""

    name: str
    title_zh: str
    title_en: str
    risk_class: RiskClass
    conditions: tuple[Condition, ...]

    @property
    def reason(self) -> str:
        """The stored reason: ``illegal-goods: dangerous_goods=unpermitted -> warning``."""
        return f"{self.name}: {' & '.join(map(str, self.conditions))} -> {self.risk_class.value}"


@dataclass(frozen=True, slots=True)
class RiskRules:
    """One version of the rules.

    Parameters
    ----------
    version : str
        What tells this version from every other.
    title_zh, title_en : str
        Titles for people.
    source : str
        Where the rules come from, in words.
    is_example : bool
        Whether they are an example that nobody has decided on.
    general_points, warning_points : int
        Points from which a building is 一般 and 警示.
    least_known : int
        Facts of a building that must be known before its points give a class; a count of 0 is not known here.
    facts : tuple of Fact
        Every fact that a factor or trigger looks at, and no other.
    factors : tuple of Factor
        Scales of points.
    triggers : tuple of Trigger
        Conditions that give a class at once.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    general_points: int
    warning_points: int
    least_known: int
    facts: tuple[Fact, ...]
    factors: tuple[Factor, ...]
    triggers: tuple[Trigger, ...]

    def fact(self, name: str) -> Fact:
        """Return the fact of that name, which must exist."""
        return next(fact for fact in self.facts if fact.name == name)

    def explanations(self, language: Language) -> dict[str, str]:
        """Return what each reason that these rules can give says to people."""
        zh = language == "zh"
        said: dict[str, str] = {}
        for trigger in self.triggers:
            title = trigger.title_zh if zh else trigger.title_en
            said[trigger.reason] = f"{title} → {trigger.risk_class.titled(language)}"
        for factor in self.factors:
            for band in factor.bands:
                asked = band.condition.titled(self.fact(factor.fact), language)
                said[factor.reason(band)] = (
                    f"{asked}，+{band.points} 分" if zh else f"{asked}, +{band.points} points"
                )
        return said

    def explain(self, reason: str, language: Language) -> str:
        """Say one stored reason for people; one of another version comes back as it is.

        For many reasons look them up in `explanations`, which this makes anew each time.
        """
        return self.explanations(language).get(reason, reason)


def _limits(condition: Condition, fact: Fact, language: Language) -> str:
    zh = language == "zh"
    unit = fact.unit_zh if zh else fact.unit_en
    measure = f" {unit}" if unit else ""
    up, down = ("及以上", "及以下") if zh else (" or more", " or less")
    if fact.kind is FactKind.YEAR:
        measure = " 年" if zh else ""
        up, down = ("及以后", "及以前") if zh else (" or later", " or earlier")
    if condition.at_least is not None and condition.at_most is not None:
        return f"{condition.at_least:g}{'至' if zh else ' to '}{condition.at_most:g}{measure}"
    if condition.at_least is not None:
        return f"{condition.at_least:g}{measure}{up}"
    return f"{condition.at_most:g}{measure}{down}"
