"""The policy of visits, patrols and service points read from and written to plain mappings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from gisgov.governance.codes.documents import read_name
from gisgov.governance.fields import Fields
from gisgov.governance.risk import RiskClass
from gisgov.governance.visits.policy import CareCategory, Tier, VisitPeriod, VisitPolicy
from gisgov.types import Json

_FARTHEST_M: Final = 20_000.0
Item = TypeVar("Item", CareCategory, Tier)


def parse_visits(mapping: object, where: str = "visits") -> VisitPolicy:
    """Read one version of the policy.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/visits/frequency.yaml`` shows every key.
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
    care = _items(fields, "care", _care)
    patrol, service = fields.inner("patrol"), fields.inner("service")
    patrols = _patrols(patrol)
    distance_m, radius_m = _metres(patrol, "distance_m"), _metres(service, "radius_m")
    tiers = _items(service, "tiers", _tier)
    for inner in (patrol, service, fields):
        inner.done()
    return VisitPolicy(
        *(version, title_zh, title_en, source, is_example, calendar, care),
        *(patrols, distance_m, radius_m, tiers),
    )


def format_visits(policy: VisitPolicy) -> Json:
    """Write the policy as a mapping that `parse_visits` reads back to an equal one."""
    return {
        "version": policy.version,
        "title_zh": policy.title_zh,
        "title_en": policy.title_en,
        "source": policy.source,
        "example": policy.is_example,
        "calendar": policy.calendar,
        "care": [{**_named(one), "visits": one.visits, "period": one.period.value} for one in policy.care],
        "patrol": {"distance_m": policy.patrol_distance_m, "per_year": dict(policy.patrols_per_year)},
        "service": {
            "radius_m": policy.service_radius_m,
            "tiers": [_named(one) for one in policy.tiers],
        },
    }


def _items(fields: Fields, key: str, read: Callable[[Fields], Item]) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for inner in fields.inners(key):
        one = read(inner)
        if one.name in found:
            inner.refuse("name", f"is {one.name!r}, which an earlier one has")
        inner.done()
        found[one.name] = one
    if not found:
        fields.refuse(key, "must name at least one")
    return tuple(found.values())


def _patrols(patrol: Fields) -> dict[str, int]:
    """Read how often buildings are patrolled; documents of before that was asked say nothing of it."""
    if "per_year" not in patrol.names():
        return dict.fromkeys((one.value for one in RiskClass), 0)
    inner = patrol.inner("per_year")
    found = {one.value: inner.integer(one.value, least=0, most=1000) for one in RiskClass}
    inner.done()
    return found


def _care(fields: Fields) -> CareCategory:
    return CareCategory(
        read_name(fields),
        fields.text("title_zh"),
        fields.text("title_en"),
        fields.integer("visits", least=1, most=1000),
        fields.choice("period", VisitPeriod),
    )


def _tier(fields: Fields) -> Tier:
    return Tier(read_name(fields), fields.text("title_zh"), fields.text("title_en"))


def _metres(fields: Fields, key: str) -> float:
    value = fields.number(key, least=1.0)
    if value > _FARTHEST_M:
        fields.refuse(key, f"is {value:g}, but no more than {_FARTHEST_M:g} metres make sense")
    return value


def _named(one: CareCategory | Tier) -> Json:
    return {"name": one.name, "title_zh": one.title_zh, "title_en": one.title_en}
