"""What of an answer is for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.access import Actor, rights_table

_CONTACT = "staff.contact"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may ask, as far as the answer depends on them.

    Attributes
    ----------
    counted_as : str or None
        Under which name their requests are counted; None for nobody in particular, who is counted by address.
    sees_phones : bool
        Whether they see the phones of all posts; otherwise they see none.
    """

    counted_as: str | None
    sees_phones: bool


def caller_of(actor: Actor, operation: str) -> Caller | None:
    """Return an actor as one who is answered out of memory.

    Parameters
    ----------
    actor : Actor
        Who asks.
    operation : str
        What they ask for, as the table of rights names it.

    Returns
    -------
    Caller or None
        None for whoever may not ask at all, and for whoever sees the phones of some areas alone: the database
        knows which.

    Examples
    --------
    >>> from gisgov.governance.access import ActorKind, Grant, Role
    >>> def client(*grants): return Actor("hotline", ActorKind.CLIENT, 7, grants)
    >>> caller_of(client(Grant(Role.VIEWER)), "GET /v1/resolve")
    Caller(counted_as='account 7', sees_phones=True)
    >>> caller_of(client(Grant(Role.VIEWER, "street", "440305")), "GET /v1/resolve") is None
    True
    """
    table = rights_table()
    if actor.is_operator or not actor.may(table.right_of(operation)):
        return None
    contact = table.rights[_CONTACT]
    sees_some = actor.may(contact)
    sees_all = sees_some and any(one.is_everywhere for one in actor.grants if one.role in contact.roles)
    if sees_some and not sees_all:
        return None
    return Caller(None if actor.account_id is None else f"account {actor.account_id}", sees_all)
