"""How long something may take: a number with its unit."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.fields import Fields
from gisgov.governance.titles import Titled
from gisgov.types import Json


class TimeUnit(Titled):
    """In what a limit is given."""

    MINUTES = "minutes", "分钟", "Minutes"
    HOURS = "hours", "小时", "Hours"
    DAYS = "days", "日", "Days"
    WORKING_HOURS = "working-hours", "工作小时", "Working hours"
    WORKING_DAYS = "working-days", "工作日", "Working days"

    @property
    def needs_calendar(self) -> bool:
        """Whether only a calendar says how long that is."""
        return self in (TimeUnit.WORKING_HOURS, TimeUnit.WORKING_DAYS)

    @property
    def seconds(self) -> int:
        """How long one is by the clock, or of working time; of working days only a calendar knows (0)."""
        return {TimeUnit.MINUTES: 60, TimeUnit.DAYS: 86_400, TimeUnit.WORKING_DAYS: 0}.get(self, 3_600)


@dataclass(frozen=True, slots=True)
class Amount:
    """How long something may take.

    Attributes
    ----------
    number : float
        How many units; whole where they are working days.
    unit : TimeUnit
        Of what.

    Examples
    --------
    >>> str(Amount(2, TimeUnit.WORKING_DAYS))
    '2 working-days'
    """

    number: float
    unit: TimeUnit

    def __str__(self) -> str:
        return f"{self.number:g} {self.unit}"

    @classmethod
    def read(cls, fields: Fields) -> Amount:
        """Read ``amount`` and ``unit`` of a document.

        Raises
        ------
        ProfileError
            One of them is missing or cannot be used.
        """
        number, unit = fields.number("amount", least=0.0), fields.choice("unit", TimeUnit)
        if unit is TimeUnit.WORKING_DAYS and number != int(number):
            fields.refuse("amount", f"is {number:g}, but working days are counted whole")
        return cls(number, unit)

    def written(self) -> Json:
        """Return it as `read` reads it."""
        return {"amount": self.number, "unit": self.unit.value}
