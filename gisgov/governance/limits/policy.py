"""Which stage of an event may take how long: a policy with its source, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.events import EventLevel
from gisgov.governance.fields import Fields
from gisgov.governance.limits.amounts import Amount
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class LimitRule:
    """How long a stage may take, for some events.

    Attributes
    ----------
    stage : str
        The stage.
    levels, sources : frozenset of str
        For which; empty for all. A source is a word of `EventSource` or the name of a system.
    amount : Amount
        How long.
    """

    stage: str
    levels: frozenset[str]
    sources: frozenset[str]
    amount: Amount

    def fits(self, level: str | None, source: str) -> bool:
        """Whether it is about an event of this level and source."""
        return (not self.levels or level in self.levels) and (not self.sources or source in self.sources)


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Limits of all stages.

    Attributes
    ----------
    version, title_zh, title_en, source : str
        What it is called and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    calendar : str
        Name of the working calendar.
    warn_share : float
        Share of a limit that is left when it is due soon.
    whistle : Amount
        How long a department that was called may take to answer.
    rules : tuple of LimitRule
        The first that fits counts.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    calendar: str
    warn_share: float
    whistle: Amount
    rules: tuple[LimitRule, ...]

    def limit(
        self, stage: str, *, level: str | None, source: str, own: Mapping[str, Amount] | None = None
    ) -> Amount | None:
        """Return how long a stage of an event may take; None where nobody says.

        Parameters
        ----------
        stage : str
            The stage.
        level : str or None
            Level of the event.
        source : str
            Source of the event.
        own : mapping of str to Amount, optional
            Limits that its category has of its own, which go before those of the policy.
        """
        if own is not None and stage in own:
            return own[stage]
        return next(
            (one.amount for one in self.rules if one.stage == stage and one.fits(level, source)), None
        )


def parse_limits(mapping: object, where: str = "time limits") -> LimitPolicy:
    """Read limits of time.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/limits/time_limits.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.
    """
    fields = Fields(mapping, where)
    version, title_zh, title_en = fields.text("version"), fields.text("title_zh"), fields.text("title_en")
    source, is_example = fields.text("source"), fields.flag("example", default=False)
    calendar = fields.text("calendar")
    warn_share = fields.number("warn_share", least=0.0)
    if warn_share >= 1:
        fields.refuse("warn_share", f"is {warn_share:g}, but a share that is left is below 1")
    whistle = _amount_alone(fields.inner("whistle"))
    rules = tuple(_rule(inner) for inner in fields.inners("limits"))
    fields.done()
    if not rules:
        fields.refuse("limits", "must name at least one limit")
    return LimitPolicy(version, title_zh, title_en, source, is_example, calendar, warn_share, whistle, rules)


def format_limits(policy: LimitPolicy) -> Json:
    """Write limits as a mapping that `parse_limits` reads back to equal ones."""
    return {
        "version": policy.version,
        "title_zh": policy.title_zh,
        "title_en": policy.title_en,
        "source": policy.source,
        "example": policy.is_example,
        "calendar": policy.calendar,
        "warn_share": policy.warn_share,
        "whistle": policy.whistle.written(),
        "limits": [
            {
                "stage": rule.stage,
                **({"levels": sorted(rule.levels)} if rule.levels else {}),
                **({"sources": sorted(rule.sources)} if rule.sources else {}),
                **rule.amount.written(),
            }
            for rule in policy.rules
        ],
    }


def _rule(fields: Fields) -> LimitRule:
    rule = LimitRule(
        fields.text("stage"),
        _levels(fields),
        frozenset(fields.texts("sources")) if fields.has("sources") else frozenset(),
        Amount.read(fields),
    )
    fields.done()
    return rule


def _amount_alone(fields: Fields) -> Amount:
    amount = Amount.read(fields)
    fields.done()
    return amount


def _levels(fields: Fields) -> frozenset[str]:
    known = [one.value for one in EventLevel]
    words = frozenset(fields.texts("levels")) if fields.has("levels") else frozenset()
    for word in sorted(words - {*known}):
        fields.refuse("levels", f"has {word!r}; known are {', '.join(known)}")
    return words
