"""Use cases: adopt risk rules, list and show those that were adopted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.errors import ConflictError, NotFoundError
from gisgov.governance.risk import RiskRules, format_rules, parse_rules
from gisgov.services.access import require_everywhere
from gisgov.store import risk
from gisgov.store.database import Database
from gisgov.store.risk import StoredRules


@dataclass(frozen=True, slots=True)
class RulesInfo:
    """Rules that were adopted.

    Attributes
    ----------
    version : str
        What tells them from all others.
    title_zh, title_en : str
        Their titles.
    source : str
        Where they come from.
    is_example : bool
        Whether they are an example that nobody has decided on.
    adopted_at : datetime.datetime
        When they were adopted; the latest are in use.
    buildings : int
        How many buildings they rate now.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    adopted_at: datetime
    buildings: int


@dataclass(frozen=True, slots=True)
class RulesAdopted:
    """What adopting rules did.

    Attributes
    ----------
    rules : RulesInfo
        The rules as they are stored.
    is_new : bool
        False when the very same rules had been adopted already.
    """

    rules: RulesInfo
    is_new: bool


def adopt_rules(database: Database, rules: RiskRules) -> RulesAdopted:
    """Adopt rules: from now on they are in use.

    Parameters
    ----------
    database : Database
        Where to keep them.
    rules : RiskRules
        A version that was never adopted before, or exactly as it was.

    Raises
    ------
    ConflictError
        Other rules were adopted under this version: ratings that rest on them would change their meaning.
    """
    definition = format_rules(rules)
    with database.begin() as connection:
        require_everywhere(connection, "risk.rate")
        risk.lock_ratings(connection)
        known = {one.version: one for one in risk.adopted_rules(connection)}
        if rules.version not in known:
            risk.insert_rules(connection, rules.version, definition)
            return RulesAdopted(_info(risk.adopted_rules(connection)[0]), is_new=True)
        if known[rules.version].definition != definition:
            raise ConflictError(
                f"Other risk rules were adopted as version {rules.version!r}.",
                hint="Give the changed rules a version of their own.",
                field="version",
            )
        return RulesAdopted(_info(known[rules.version]), is_new=False)


def list_rules(database: Database) -> tuple[RulesInfo, ...]:
    """Return all adopted rules, those in use first."""
    with database.begin() as connection:
        return tuple(_info(stored) for stored in risk.adopted_rules(connection))


def show_rules(database: Database, version: str | None = None) -> RiskRules:
    """Return adopted rules.

    Parameters
    ----------
    database : Database
        Where they are kept.
    version : str, optional
        Which; by default those in use.

    Raises
    ------
    NotFoundError
        There is no such version, or none was adopted yet.
    """
    with database.begin() as connection:
        return find_rules(connection, version)


def find_rules(connection: sa.Connection, version: str | None = None) -> RiskRules:
    """Return adopted rules inside a transaction; see `show_rules`."""
    adopted = risk.adopted_rules(connection)
    if not adopted:
        raise NotFoundError(
            "No risk rules were adopted yet.",
            hint="Adopt rules: `gisgov risk rules FILE --adopt`, or `--example --adopt` to try it.",
        )
    wanted = next((one for one in adopted if version in (None, one.version)), None)
    if wanted is None:
        known = ", ".join(one.version for one in adopted)
        raise NotFoundError(
            f"No risk rules of version {version!r} were adopted.", hint=f"There are {known}.", field="version"
        )
    return parse_rules(wanted.definition, f"risk rules {wanted.version}")


def _info(stored: StoredRules) -> RulesInfo:
    rules = parse_rules(stored.definition, f"risk rules {stored.version}")
    return RulesInfo(
        version=stored.version,
        title_zh=rules.title_zh,
        title_en=rules.title_en,
        source=rules.source,
        is_example=rules.is_example,
        adopted_at=stored.adopted_at,
        buildings=stored.buildings,
    )
