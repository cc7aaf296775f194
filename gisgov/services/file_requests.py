"""What requests for files share: they wait for their job as JSON, and take the right to what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar, Self

from gisgov.errors import InputError, NotAllowed
from gisgov.governance.access import rights_table
from gisgov.store.database import Database
from gisgov.types import Json


class Written:
    """A frozen dataclass of texts, numbers and days that goes to JSON and back."""

    __slots__ = ()
    DAYS: ClassVar[tuple[str, ...]] = ()
    """Fields that are dates."""

    def written(self) -> Json:
        """Return it as JSON; `read` reads it."""
        given: Mapping[str, Any] = asdict(self)  # type: ignore[call-overload]
        known = {name: value for name, value in given.items() if value is not None}
        return {name: str(value) if isinstance(value, date) else value for name, value in known.items()}

    @classmethod
    def read(cls, document: Json) -> Self:
        """Return the request in JSON."""
        days = {name: date.fromisoformat(document[name]) for name in cls.DAYS if name in document}
        return cls(**{**document, **days})


def refuse_unfit(
    database: Database, right: str, doing: str, contradictions: Iterable[tuple[bool, str, str]]
) -> None:
    """Refuse a request for a file that whoever asks may not see, or that contradicts itself.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    right : str
        Name of the right that it takes.
    doing : str
        What is asked for: "draw risk".
    contradictions : iterable of (bool, str, str)
        What would be wrong, at which field, and how that is told.

    Raises
    ------
    InputError
        The request contradicts itself.
    NotAllowed
        The right to see it is lacking.
    """
    actor = database.actor
    if actor is not None and not actor.may(rights_table().rights[right]):
        raise NotAllowed(f"{actor.name} has no right to {doing}: {right} is lacking.")
    for is_wrong, field, sentence in contradictions:
        if is_wrong:
            raise InputError(sentence, field=field)
