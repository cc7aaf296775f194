"""Use cases: propose risk rules, list those on record, show one of them, and compare two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

import sqlalchemy as sa

from gisgov.errors import ConflictError, NotFoundError
from gisgov.governance.risk import RiskRules, RuleDifference, compare_rules, format_rules, parse_rules
from gisgov.services.access import require_everywhere
from gisgov.store import risk
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.risk import StoredRules
from gisgov.types import Json

RulesState: TypeAlias = Literal["in-force", "former", "proposed"]

_RIGHT: Final = "risk.rate"


@dataclass(frozen=True, slots=True)
class RulesInfo:
    """A version of the risk rules.

    Attributes
    ----------
    version : str
        What tells it from all others.
    title_zh, title_en : str
        Its titles.
    source : str
        Where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    state : str
        ``in-force``, ``former`` (it was in force, and another is now) or ``proposed`` (it never was).
    proposed_at : datetime.datetime
        When it was proposed.
    proposed_by : str or None
        By whom, as the audit calls them; None where that was not written down.
    adopted_at : datetime.datetime or None
        When it was put in force last.
    adopted_by : str or None
        By whom.
    reason : str or None
        Why, in their words.
    buildings : int
        How many buildings it rates now; of an account those that it may see.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    state: RulesState
    proposed_at: datetime
    proposed_by: str | None
    adopted_at: datetime | None
    adopted_by: str | None
    reason: str | None
    buildings: int


@dataclass(frozen=True, slots=True)
class RulesDetail:
    """A version of the risk rules, with what it says.

    Attributes
    ----------
    rules : RulesInfo
        Which.
    definition : dict
        Facts, factors, triggers and thresholds, as a file has them.
    """

    rules: RulesInfo
    definition: Json


@dataclass(frozen=True, slots=True)
class RulesProposed:
    """What proposing rules did.

    Attributes
    ----------
    rules : RulesInfo
        The rules as they are kept; none are in force by that.
    is_new : bool
        False when the very same rules were there already.
    """

    rules: RulesInfo
    is_new: bool


@dataclass(frozen=True, slots=True)
class RulesCompared:
    """What differs between two versions of the rules.

    Attributes
    ----------
    before, after : str
        The versions.
    differences : tuple of RuleDifference
        In the order of a file: thresholds, facts, factors with their bands, triggers.
    """

    before: str
    after: str
    differences: tuple[RuleDifference, ...]


def propose_rules(database: Database, rules: RiskRules) -> RulesProposed:
    """Keep rules as proposed: `preview_rules` says what they would change, `put_in_force` makes them count.

    Parameters
    ----------
    database : Database
        Where to keep them.
    rules : RiskRules
        A version that is not on record, or exactly as it is.

    Raises
    ------
    ConflictError
        Other rules are on record under this version: ratings that rest on them would change their meaning.
    NotAllowed
        Whoever asks may not propose rules.
    """
    definition = format_rules(rules)
    with database.begin() as connection:
        require_everywhere(connection, _RIGHT)
        with as_owner(connection):
            risk.lock_ratings(connection)
            known = risk.definitions(connection, [rules.version])
            if not known:
                risk.insert_rules(connection, rules.version, definition, who_acts(connection))
            elif known[rules.version] != definition:
                raise ConflictError(
                    f"Other risk rules are on record as version {rules.version!r}.",
                    hint="Give the changed rules a version of their own.",
                    field="version",
                )
        return RulesProposed(find_info(connection, rules.version), is_new=not known)


def list_rules(database: Database) -> tuple[RulesInfo, ...]:
    """Return all rules on record: those in force first, those before them, then those proposed."""
    with database.begin() as connection:
        return _infos(connection)


def show_rules(database: Database, version: str | None = None) -> RulesDetail:
    """Return a version of the rules with what it says.

    Parameters
    ----------
    database : Database
        Where they are kept.
    version : str, optional
        Which, be it proposed; by default the one in force.

    Raises
    ------
    NotFoundError
        There is no such version, or none is in force.
    """
    with database.begin() as connection:
        rules = find_rules(connection, version)
        return RulesDetail(find_info(connection, rules.version), format_rules(rules))


def compare_versions(database: Database, before: str, after: str) -> RulesCompared:
    """Say what differs between two versions of the rules on record.

    Raises
    ------
    NotFoundError
        There is no such version.
    """
    with database.begin() as connection:
        former, latter = (find_rules(connection, version) for version in (before, after))
        return RulesCompared(before, after, compare_rules(former, latter))


def find_rules(connection: sa.Connection, version: str | None = None) -> RiskRules:
    """Return rules inside a transaction; see `show_rules`."""
    if version is None:
        rules = rules_in_force(connection)
        if rules is None:
            raise NotFoundError(
                "No risk rules are in force.",
                hint="`gisgov risk propose FILE` and `gisgov risk put-in-force VERSION` bring them in; "
                "`gisgov risk propose --example` takes the example that gisgov ships.",
            )
        return rules
    found = risk.definitions(connection, [version])
    if not found:
        known = ", ".join(risk.definitions(connection)) or "none"
        raise NotFoundError(
            f"No risk rules of version {version!r} are on record.",
            hint=f"There are {known}.",
            field="version",
        )
    return parse_rules(found[version], f"risk rules {version}")


def rules_in_force(connection: sa.Connection) -> RiskRules | None:
    """Return the rules that buildings are rated by; None where none were put in force yet."""
    found = risk.definition_in_force(connection)
    return None if found is None else parse_rules(found[1], f"risk rules {found[0]}")


def find_info(connection: sa.Connection, version: str) -> RulesInfo:
    """Return what is on record of a version that there is."""
    return next(one for one in _infos(connection) if one.version == version)


def _infos(connection: sa.Connection) -> tuple[RulesInfo, ...]:
    return tuple(_info(one, is_first=i == 0) for i, one in enumerate(risk.stored_rules(connection)))


def _info(stored: StoredRules, *, is_first: bool) -> RulesInfo:
    rules = parse_rules(stored.definition, f"risk rules {stored.version}")
    state: RulesState = "proposed" if stored.adopted_at is None else "in-force" if is_first else "former"
    return RulesInfo(
        version=stored.version,
        title_zh=rules.title_zh,
        title_en=rules.title_en,
        source=rules.source,
        is_example=rules.is_example,
        state=state,
        proposed_at=stored.proposed_at,
        proposed_by=stored.proposed_by,
        adopted_at=stored.adopted_at,
        adopted_by=stored.adopted_by,
        reason=stored.reason,
        buildings=stored.buildings,
    )
