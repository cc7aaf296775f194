"""Use cases: adopt a policy (time limits and the like), say which is in force, list those that were adopted.

Until a policy of a kind is adopted, the example that gisgov ships is in force: what it leads to says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from fixtures.shipped import dispute_rules, routing_policy, time_limits, visit_policy
from gisgov.errors import ConflictError, NotFoundError
from gisgov.governance.disputes import format_disputes, parse_disputes
from gisgov.governance.limits import format_limits, parse_limits
from gisgov.governance.routing import format_routing, parse_routing
from gisgov.governance.visits import VisitPolicy, format_visits, parse_visits
from gisgov.services.access import require_everywhere
from gisgov.store import policies
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """A kind of policy: how its documents are read and written, and the example that is shipped.

    Attributes
    ----------
    title_zh, title_en : str
        What it is about.
    parse, format : callable
        From a mapping, and back; what is read has ``version``, ``title_zh``, ``title_en``, ``source`` and
        ``is_example``.
    shipped : callable
        Returns the example.
    """

    title_zh: str
    title_en: str
    parse: Callable[[object, str], Any]
    format: Callable[[Any], Json]
    shipped: Callable[[], Any]


KINDS: Final[Mapping[str, PolicyKind]] = {
    "time-limits": PolicyKind("办理时限", "Limits of time", parse_limits, format_limits, time_limits),
    "dispute-grades": PolicyKind(
        "矛盾纠纷分级", "Grades of disputes", parse_disputes, format_disputes, dispute_rules
    ),
    "routing": PolicyKind("事件分派", "Routing of events", parse_routing, format_routing, routing_policy),
    "visits": PolicyKind(
        "走访、巡查与服务点", "Visits, patrols and service points", parse_visits, format_visits, visit_policy
    ),
}
"""All kinds by name."""

_READ: dict[str, tuple[object, Any]] = {}


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """A version of a policy.

    Attributes
    ----------
    kind, version : str
        Which.
    title_zh, title_en, source : str
        What it is called and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    is_in_force : bool
        Whether it is the one that counts now.
    adopted_at : datetime.datetime or None
        None for the shipped example that counts because nothing was adopted.
    definition : dict
        The document.
    """

    kind: str
    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    is_in_force: bool
    adopted_at: datetime | None
    definition: Json


@dataclass(frozen=True, slots=True)
class PolicyAdopted:
    """What adopting a policy did.

    Attributes
    ----------
    policy : PolicyInfo
        The policy, which is in force now.
    is_new : bool
        False where the very same one was in force already.
    """

    policy: PolicyInfo
    is_new: bool


def policy_in_force(connection: sa.Connection, kind: str) -> Any:
    """Return the policy of a kind that counts, read: the last adopted, or the shipped example.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    kind : str
        A name of `KINDS`.
    """
    newest = policies.newest(connection, kind)
    known = _READ.get(kind)
    if known is None or known[0] != newest:  # asked with every step of an event: read once
        stored = policies.policies(connection, kind)
        read = KINDS[kind].parse(stored[0].definition, kind) if stored else KINDS[kind].shipped()
        known = _READ[kind] = newest, read
    return known[1]


def patrols_per_year(connection: sa.Connection) -> Mapping[str, int]:
    """Return how often a building is patrolled in a year, by its risk class: what the policy of visits says.

    The one source of what is due in areas, in previews of plans, and in re-divisions (``visits_due``).
    """
    policy: VisitPolicy = policy_in_force(connection, "visits")
    return policy.patrols_per_year


def adopt_policy(
    database: Database, kind: str, document: object, where: str = "", *, dry_run: bool = False
) -> PolicyAdopted:
    """Adopt a policy: from now on it is in force.

    Parameters
    ----------
    database : Database
        Where to keep it.
    kind : str
        A name of `KINDS`.
    document : object
        The policy as a mapping.
    where : str
        Name of the document for messages.
    dry_run : bool
        Say what would be in force, and change nothing.

    Raises
    ------
    NotFoundError
        There is no such kind.
    ProfileError
        Something in it cannot be used.
    ConflictError
        Another policy was adopted under this version: what rests on that would change its meaning.
    NotAllowed
        Whoever asks may not adopt policies.
    """
    known = _kind(kind)
    read = known.parse(document, where or kind)
    definition = known.format(read)
    with database.begin() as connection:
        require_everywhere(connection, "registers.approve")
        stored = policies.policies(connection, kind)
        same = next((one for one in stored if one.version == read.version), None)
        if same is not None and (same.definition != definition or same != stored[0]):
            raise ConflictError(
                f"Version {read.version!r} of {kind} was adopted before, and said something else."
                if same.definition != definition
                else f"Version {read.version!r} of {kind} was followed by {stored[0].version!r}.",
                hint="Give it another version.",
            )
        if same is None:
            with as_owner(connection):
                policies.insert_policy(connection, kind, read.version, definition)
            same = policies.policies(connection, kind)[0]
        if dry_run:
            connection.rollback()
        return PolicyAdopted(_info(same.kind, read, same.adopted_at, is_in_force=True), same not in stored)


def list_policies(database: Database, kind: str | None = None) -> tuple[PolicyInfo, ...]:
    """Return all policies that were adopted, by kind, the latest first; of a kind without any the example.

    Raises
    ------
    NotFoundError
        There is no such kind.
    """
    names = [*KINDS] if kind is None else [kind]
    found: list[PolicyInfo] = []
    with database.begin() as connection:
        for name in names:
            known = _kind(name)
            stored = policies.policies(connection, name)
            found += [
                _info(name, known.parse(one.definition, name), one.adopted_at, is_in_force=one is stored[0])
                for one in stored
            ]
            if not stored:
                found.append(_info(name, known.shipped(), None, is_in_force=True))
    return tuple(found)


def _kind(name: str) -> PolicyKind:
    if name not in KINDS:
        raise NotFoundError(f"No policy is of the kind {name!r}.", hint=f"Kinds are {', '.join(KINDS)}.")
    return KINDS[name]


def _info(kind: str, read: Any, adopted_at: datetime | None, *, is_in_force: bool) -> PolicyInfo:
    return PolicyInfo(
        kind=kind,
        version=read.version,
        title_zh=read.title_zh,
        title_en=read.title_en,
        source=read.source,
        is_example=read.is_example,
        is_in_force=is_in_force,
        adopted_at=adopted_at,
        definition=KINDS[kind].format(read),
    )
