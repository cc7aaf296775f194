"""A plan (方案): one version of one layer over one scope area, and when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.errors import InputError
from gisgov.governance.titles import Titled


class PlanStatus(Titled):
    """Where a plan stands: worked on, decided, or replaced."""

    DRAFT = "draft", "草案", "Draft"
    PUBLISHED = "published", "已发布", "Published"
    RETIRED = "retired", "已停用", "Retired"


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of one layer over one scope area.

    Parameters
    ----------
    name : str
        Its name, unique among all plans.
    layer : str
        Name of the layer.
    scope_code : str
        Code of the area that it covers.
    status : PlanStatus
        ``draft``, ``published`` or ``retired``.
    valid_from, valid_to : datetime.date or None
        First day in force and first day no longer in force (half-open); no ``valid_to`` means open-ended.
        A draft may have neither; a published plan has ``valid_from``, a retired one both, which are one day
        where it was taken back before it began.
    decision : str or None
        The decision that it rests on.
    author : str or None
        Who made it.

    Raises
    ------
    InputError
        The dates are missing for its status, or it would end before it begins.

    Examples
    --------
    >>> plan = Plan("grids-2026", "grid", "330106", PlanStatus.PUBLISHED, date(2026, 3, 1), date(2027, 3, 1))
    >>> plan.is_in_force(date(2026, 3, 1)), plan.is_in_force(date(2027, 3, 1))
    (True, False)
    """

    name: str
    layer: str
    scope_code: str
    status: PlanStatus
    valid_from: date | None = None
    valid_to: date | None = None
    decision: str | None = None
    author: str | None = None

    def __post_init__(self) -> None:
        if self.status is not PlanStatus.DRAFT and self.valid_from is None:
            raise InputError(
                f"Plan {self.name!r} is {self.status.value} but has no first day.",
                hint="Give valid_from.",
                field="valid_from",
            )
        if self.status is PlanStatus.RETIRED and self.valid_to is None:
            raise InputError(
                f"Plan {self.name!r} is retired but has no day from which it no longer holds.",
                hint="Give valid_to.",
                field="valid_to",
            )
        was_taken_back = self.status is PlanStatus.RETIRED and self.valid_to == self.valid_from
        first = self.valid_from
        if self.valid_to is not None and not was_taken_back and (first is None or self.valid_to <= first):
            raise InputError(
                f"Plan {self.name!r} would end on {self.valid_to} before it begins"
                f"{f' on {self.valid_from}' if self.valid_from else ''}.",
                hint="valid_to is the first day no longer in force, so it comes after valid_from.",
                field="valid_to",
            )

    def is_in_force(self, on: date) -> bool:
        """Whether the plan was decided and ``on`` lies in its validity; a draft never is."""
        if self.status is PlanStatus.DRAFT or self.valid_from is None:
            return False
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def clashes_with(self, other: Plan) -> bool:
        """Whether both would be in force on one day for one layer and scope; drafts clash with nothing."""
        if (self.layer, self.scope_code) != (other.layer, other.scope_code):
            return False
        # two half-open stretches share a day exactly when the later one's first day lies in the earlier one
        later = max(self.valid_from or date.min, other.valid_from or date.min)
        return self.is_in_force(later) and other.is_in_force(later)
