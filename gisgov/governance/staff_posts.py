"""Staff posts in time: which are filled on a day, what a formula misses, and when nobody is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gisgov.governance.staffing import StaffingFormula, StaffingTerm


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``valid_from`` to before ``valid_to``; None is open.

    Examples
    --------
    >>> until = Span(None, date(2026, 3, 1))
    >>> until.holds(date(2026, 2, 28)), until.holds(date(2026, 3, 1))
    (True, False)
    """

    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Tenure:
    """Somebody in a role, for some time.

    Attributes
    ----------
    role : str
        The role.
    span : Span
        When.
    deputises : Span or None
        When the holder whom this is a deputy of is in the post; None for a holder.
    """

    role: str
    span: Span
    deputises: Span | None = None

    def holds(self, day: date) -> bool:
        """Whether they hold the post themselves on a day."""
        return self.deputises is None and self.span.holds(day)

    def acts(self, day: date) -> bool:
        """Whether they deputise on a day for a holder who is gone."""
        return self.deputises is not None and self.span.holds(day) and not self.deputises.holds(day)


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """One role of an area on a day, held against the formula.

    Attributes
    ----------
    role : str
        The role.
    least : int
        Posts that the formula asks for; 0 for a role that it does not name.
    is_open : bool
        Whether more are as good.
    is_named : bool
        Whether the formula names the role.
    filled : int
        Posts that are filled.
    acting : int
        Deputies of holders who are gone. They fill posts only where the formula says so.
    missing, surplus : int
        Posts that are vacant; posts beyond the formula, all of them where it does not name the role.
    """

    role: str
    least: int
    is_open: bool
    is_named: bool
    filled: int
    acting: int
    missing: int
    surplus: int

    @property
    def fits(self) -> bool:
        """Whether the formula is kept."""
        return not self.missing and not self.surplus


def standings(formula: StaffingFormula, tenures: Sequence[Tenure], day: date) -> tuple[RoleStanding, ...]:
    """Hold the posts of an area on a day against the formula of its layer.

    Parameters
    ----------
    formula : StaffingFormula
        The posts that the area should have.
    tenures : sequence of Tenure
        Its holders and deputies, of any time.
    day : datetime.date
        The day.

    Returns
    -------
    tuple of RoleStanding
        One for each role of the formula in its order, then the others that are filled, by name.

    Examples
    --------
    >>> formula = StaffingFormula.parse("1 网格长 + N 兼职网格员")
    >>> [one.missing for one in standings(formula, [Tenure("兼职网格员", Span())], date(2026, 3, 1))]
    [1, 0]
    """
    named = {term.role for term in formula.terms}
    strangers = sorted({one.role for one in tenures if one.holds(day)} - named)
    known = [_standing(term, tenures, day, is_named=True) for term in formula.terms]
    return (
        *known,
        *(_standing(StaffingTerm(role, 0), tenures, day, is_named=False) for role in strangers),
    )


def _standing(term: StaffingTerm, tenures: Sequence[Tenure], day: date, *, is_named: bool) -> RoleStanding:
    filled = filled_posts(term, tenures, day)
    return RoleStanding(
        role=term.role,
        least=term.least,
        is_open=term.is_open,
        is_named=is_named,
        filled=filled,
        acting=sum(one.role == term.role and one.acts(day) for one in tenures),
        missing=max(term.least - filled, 0),
        surplus=0 if term.is_open else max(filled - term.least, 0),
    )


def filled_share(needed: int, missing: int) -> float | None:
    """Return the share of the posts that a formula asks for which are filled; None where it asks for none.

    Examples
    --------
    >>> filled_share(4, 1), filled_share(0, 0)
    (0.75, None)
    """
    return round((needed - missing) / needed, 6) if needed else None


def filled_posts(term: StaffingTerm, tenures: Sequence[Tenure], day: date) -> int:
    """Count the posts of a term that are filled on a day."""
    own = [one for one in tenures if one.role == term.role]
    return sum(one.holds(day) or (term.or_deputy and one.acts(day)) for one in own)


def gaps(term: StaffingTerm, tenures: Sequence[Tenure]) -> tuple[Span, ...]:
    """Return the times in which fewer posts of a term are filled than it asks for, in their order.

    Parameters
    ----------
    term : StaffingTerm
        A role of the formula.
    tenures : sequence of Tenure
        The holders and deputies of one area.

    Examples
    --------
    >>> held = [Tenure("网格长", Span(None, date(2026, 3, 1))), Tenure("网格长", Span(date(2026, 5, 1)))]
    >>> gaps(StaffingTerm("网格长", 1), held)
    (Span(valid_from=datetime.date(2026, 3, 1), valid_to=datetime.date(2026, 5, 1)),)
    """
    found: list[Span] = []
    begins = [date.min, *sorted(_changes(term.role, tenures) - {date.min})]
    for first, after in zip(begins, [*begins[1:], None], strict=True):
        if filled_posts(term, tenures, first) >= term.least:
            continue
        if found and found[-1].valid_to == first:
            found[-1] = Span(found[-1].valid_from, after)
        else:
            found.append(Span(None if first == date.min else first, after))
    return tuple(found)


def _changes(role: str, tenures: Sequence[Tenure]) -> set[date]:
    """Return the days on which a count of holders may change."""
    spans = [
        span for one in tenures if one.role == role for span in (one.span, one.deputises) if span is not None
    ]
    return {day for span in spans for day in (span.valid_from, span.valid_to) if day is not None}
