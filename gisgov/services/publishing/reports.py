"""What publishing answers, and what a preview of it does."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.services.joining import LayerJoin
from gisgov.services.plans import PlanInfo
from gisgov.store.rerouting import Reroute


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason why a plan is not published so.

    Attributes
    ----------
    slug : str
        Kind of the problem.
    sentence : str
        What is wrong.
    hint : str or None
        What to do about it.
    """

    slug: str
    sentence: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Rerouting:
    """Open events that change hands when a plan takes effect.

    Attributes
    ----------
    events : int
        That come to an area of the plan, or to none, from another plan or from none.
    handed_over : int
        Of those: to an area of another code than before.
    ways : tuple of Reroute
        From where to where, and how many.
    """

    events: int
    handed_over: int
    ways: tuple[Reroute, ...]


@dataclass(frozen=True, slots=True)
class PublicationEffect:
    """What publishing a plan changes besides the plan itself.

    Attributes
    ----------
    replaced : str or None
        Name of the plan whose validity ends on the day this one begins.
    never_began : bool
        Whether that one was taken back before it began, so that it is in force on no day.
    lineage_of : str or None
        The former plan that lineage was written against.
    renumbered : dict of str to str
        New areas whose code was in force for other ground, and the code that they have instead.
    codes_given : tuple of str
        Codes that are in force for the first time.
    codes_retired : tuple of str
        Codes of the former plan that end.
    codes_carried : tuple of str
        Codes that were in force for other ground and are kept all the same.
    took_effect : bool
        Whether its day has come, so that events and buildings were given to its areas.
    rerouted : Rerouting or None
        Open events that changed hands; None before its day has come, for an overlay, which owns nothing, and
        for whoever may not see events in the scope of the plan.
    events, buildings : LayerJoin or None
        Those without an owner that found one, or became orphans; None for an overlay, and for whoever may not
        see them in the scope of the plan.
    """

    replaced: str | None
    never_began: bool
    lineage_of: str | None
    renumbered: dict[str, str]
    codes_given: tuple[str, ...]
    codes_retired: tuple[str, ...]
    codes_carried: tuple[str, ...]
    took_effect: bool
    rerouted: Rerouting | None
    events: LayerJoin | None
    buildings: LayerJoin | None


@dataclass(frozen=True, slots=True)
class PlanPublication:
    """What publishing a plan did.

    Attributes
    ----------
    plan : PlanInfo
        The plan as it now is.
    replaced : str or None
        Name of the plan whose validity ended on the day this one begins.
    content_sha256 : str
        Digest of its areas.
    defects : dict
        Number of defects of every kind that was looked for; vertex mismatches among them are notices.
    certified : bool
        Whether it is proved that its areas cover its scope exactly once.
    proof : str
        The same in words, or why nothing is proved.
    accepted_because : str or None
        Reason for publishing it with defects.
    events, buildings : LayerJoin or None
        Those that found an area, or became orphans; None for an overlay, which owns nothing, and for whoever
        may not see them in the scope of the plan.
    effect : PublicationEffect
        What else it changed: codes, lineage, open events.
    """

    plan: PlanInfo
    replaced: str | None
    content_sha256: str
    defects: dict[str, int]
    certified: bool
    proof: str
    accepted_because: str | None
    events: LayerJoin | None
    buildings: LayerJoin | None
    effect: PublicationEffect
