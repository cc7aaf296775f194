"""The table of rights: which role has which right, how far it reaches, and which right an operation needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from gisgov.governance.access.roles import Role
from gisgov.governance.fields import Fields
from gisgov.governance.titles import Titled


class Extent(Titled):
    """How far a right reaches for somebody who holds a role with it."""

    OPEN = "open", "无需登录", "Open to everybody"
    SELF = "self", "登录即可", "Every account, for itself"
    ANY = "any", "全域", "Everything, wherever the role is held"
    TERRITORY = "territory", "辖区内", "What lies in the areas where the role is held"
    WHOLE = "whole", "须全域任职", "Everything, if the role is held everywhere"
    OPERATOR = "operator", "仅限主机操作员", "The operator of the machine alone"


@dataclass(frozen=True, slots=True)
class Right:
    """One right.

    Attributes
    ----------
    name : str
        Its name, such as ``plans.publish``.
    title_zh, title_en : str
        What it allows.
    extent : Extent
        How far it reaches.
    roles : frozenset of Role
        The roles that have it; empty where the extent asks for none.
    """

    name: str
    title_zh: str
    title_en: str
    extent: Extent
    roles: frozenset[Role]

    @property
    def needs_role(self) -> bool:
        """Whether a role gives it."""
        return self.extent in (Extent.ANY, Extent.TERRITORY, Extent.WHOLE)


@dataclass(frozen=True, slots=True)
class RightsTable:
    """All rights, and the right that every operation needs.

    Attributes
    ----------
    rights : mapping of str to Right
        By name.
    operations : mapping of str to str
        Name of the right by operation: ``GET /v1/plans`` or ``gisgov plan list``.

    Examples
    --------
    >>> table = rights_table()
    >>> table.right_of("gisgov plan publish").name
    'plans.publish'
    """

    rights: Mapping[str, Right]
    operations: Mapping[str, str]

    def right_of(self, operation: str) -> Right:
        """Return the right that an operation needs; KeyError where it has no row."""
        return self.rights[self.operations[operation]]


def parse_rights(document: object, name: str) -> RightsTable:
    """Read the table of rights from a mapping.

    Parameters
    ----------
    document : object
        What YAML gives: ``rights`` and ``operations``.
    name : str
        What to call it in messages.

    Raises
    ------
    ProfileError
        It does not hold together; the message names the place.
    """
    fields = Fields(document, name)
    listed = fields.inner("rights")
    rights = {right: _right(right, listed.inner(right)) for right in listed.names()}
    operations: dict[str, str] = {}
    needs = fields.inner("operations")
    for right in needs.names():
        inner = needs.inner(right)
        if right not in rights:
            needs.refuse(right, "is a right that the table does not have")
        for operation in inner.texts("of"):
            if operation in operations:
                inner.refuse("of", f"names {operation!r}, which needs {operations[operation]} already")
            operations[operation] = right
        inner.done()
    fields.done()
    return RightsTable(rights, operations)


def _right(name: str, fields: Fields) -> Right:
    extent = fields.choice("extent", Extent)
    roles = frozenset(_role(fields, word) for word in fields.texts("roles"))
    right = Right(name, fields.text("title_zh"), fields.text("title_en"), extent, roles)
    if right.needs_role != bool(roles):
        fields.refuse("roles", f"must {'name a role' if right.needs_role else 'be absent'} with this extent")
    fields.done()
    return right


def _role(fields: Fields, word: str) -> Role:
    if word not in set(Role):
        fields.refuse("roles", f"names {word!r}, which is no role", f"Roles are {', '.join(Role)}.")
    return Role(word)


@cache
def rights_table() -> RightsTable:
    """Return the table that this gisgov works by."""
    text = (files("gisgov.governance.access") / "rights.yaml").read_text(encoding="utf-8")
    return parse_rights(yaml.safe_load(text), "rights.yaml")
