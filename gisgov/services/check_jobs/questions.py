"""What is asked of a check, so that it can be written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

from gisgov.services.checking import ToleranceChoice
from gisgov.types import Json

KIND: Final = "check"
FILE, SCOPE, PARENTS = "file", "scope", "parents"
"""The files that a check takes, by the name of their field."""


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """What is asked of a check, in the words of ``gisgov check``; its files lie beside it.

    Attributes
    ----------
    plan : str or None
        The plan to check; None for a file.
    at : datetime.date or None
        For a plan: the day whose parents count.
    scope : str or None
        For a plan: code of the area that it is to cover, where that is no file.
    crs, file_layer, code_field, parent_field : str or None
        Of the file with the areas.
    scope_layer, scope_crs : str or None
        Of the file with the scope.
    parents_layer, parents_crs, parents_code_field : str or None
        Of the file with the parents.
    overlay : bool
        Whether gaps are no defects.
    tolerances : ToleranceChoice
        What is narrow or small.

    Examples
    --------
    >>> question = CheckQuestion(plan="grid-2026", at=date(2026, 3, 1))
    >>> CheckQuestion.read(question.written()) == question
    True
    """

    plan: str | None = None
    at: date | None = None
    scope: str | None = None
    crs: str | None = None
    file_layer: str | None = None
    code_field: str | None = None
    parent_field: str | None = None
    scope_layer: str | None = None
    scope_crs: str | None = None
    parents_layer: str | None = None
    parents_crs: str | None = None
    parents_code_field: str | None = None
    overlay: bool = False
    tolerances: ToleranceChoice = field(default_factory=ToleranceChoice)

    def written(self) -> Json:
        """Return the question in JSON."""
        return {**asdict(self), "at": None if self.at is None else self.at.isoformat()}

    @classmethod
    def read(cls, document: Json) -> CheckQuestion:
        """Return the question that `written` wrote."""
        at = document["at"]
        return cls(
            **{
                **document,
                "at": None if at is None else date.fromisoformat(at),
                "tolerances": ToleranceChoice(**document["tolerances"]),
            }
        )
