"""One item of the register: what it is, who answers for it and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.events import EventLevel
from gisgov.governance.limits import Amount
from gisgov.governance.routing import ItemKind
from gisgov.types import Json

__all__ = ["ItemKind", "RegisterItem"]


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """What a row of the register says; two versions of an item differ in something here.

    Attributes
    ----------
    code : str
        The item.
    title, title_en : str, str or None
        What it is called.
    function, grp : str
        The function and the group of it that it belongs to.
    kind : ItemKind
        Whether it is about something that happens or about a thing that stands somewhere.
    level : EventLevel
        Level of its events if they name none.
    department_code : str or None
        Who answers for it.
    limits : mapping of str to Amount
        Stage: how long it may take; other stages have the policy's limits.
    layers : mapping of EventLevel to str
        Level: the layer that it is routed to, where that differs from the policy's.
    is_example : bool
        Whether it is an example that nobody has decided on.
    """

    code: str
    title: str
    title_en: str | None
    function: str
    grp: str
    kind: ItemKind
    level: EventLevel
    department_code: str | None
    limits: Mapping[str, Amount]
    layers: Mapping[EventLevel, str]
    is_example: bool = False

    def values(self) -> Json:
        """Return it as it is kept: by column."""
        return {
            "code": self.code,
            "title": self.title,
            "title_en": self.title_en,
            "function": self.function,
            "grp": self.grp,
            "kind": self.kind.value,
            "level": self.level.value,
            "department_code": self.department_code,
            "limits": {stage: amount.written() for stage, amount in self.limits.items()},
            "layers": {level.value: layer for level, layer in self.layers.items()},
            "is_example": self.is_example,
        }
