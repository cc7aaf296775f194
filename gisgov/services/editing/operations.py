"""The operations on a draft, as a command, a request over HTTP and the log say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from gisgov.errors import InputError
from gisgov.types import Json

Line: TypeAlias = tuple[tuple[float, float], ...]
"""Places as (lon, lat), WGS 84."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Give blocks, by their codes, to an area that there is; None takes them out of all areas."""

    blocks: tuple[str, ...]
    area: str | None
    kind: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True)
class NewArea:
    """Make an area of blocks; its code and name follow the layer's scheme where they are not given."""

    blocks: tuple[str, ...]
    code: str | None = None
    name: str | None = None
    kind: Literal["new-area"] = "new-area"


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one area of several; it keeps the code and name of ``into``, by default of the largest of them."""

    areas: tuple[str, ...]
    into: str | None = None
    kind: Literal["merge"] = "merge"


@dataclass(frozen=True, slots=True)
class Split:
    """Divide an area: by a line across it, into balanced parts, or by taking blocks out of it.

    Exactly one of ``line``, ``parts`` and ``blocks`` is given. The piece with most people and ground keeps
    code and name; with ``blocks`` the rest does.
    """

    area: str
    line: Line | None = None
    parts: int | None = None
    blocks: tuple[str, ...] | None = None
    seed: int = 0
    kind: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class MoveBorder:
    """Move the border between two neighbours to a line whose ends lie on their present border."""

    areas: tuple[str, str]
    line: Line
    kind: Literal["move-border"] = "move-border"


@dataclass(frozen=True, slots=True)
class Rename:
    """Give an area another name, another code, or both."""

    area: str
    name: str | None = None
    code: str | None = None
    kind: Literal["rename"] = "rename"


@dataclass(frozen=True, slots=True)
class Lock:
    """Keep areas as they are until they are unlocked."""

    areas: tuple[str, ...]
    kind: Literal["lock"] = "lock"


@dataclass(frozen=True, slots=True)
class Unlock:
    """Let areas be changed again."""

    areas: tuple[str, ...]
    kind: Literal["unlock"] = "unlock"


@dataclass(frozen=True, slots=True)
class Redivide:
    """Divide areas anew among themselves, or all those of some parents; locked ones stay.

    ``count`` is how many areas there shall be, by default as many as now.
    """

    areas: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    count: int | None = None
    movement: float | None = None
    seed: int = 0
    kind: Literal["redivide"] = "redivide"


@dataclass(frozen=True, slots=True)
class Fill:
    """Give blocks that no area has to neighbouring areas that are not locked; None: all such blocks."""

    blocks: tuple[str, ...] | None = None
    kind: Literal["fill"] = "fill"


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last operation that was not taken back yet."""

    kind: Literal["undo"] = "undo"


@dataclass(frozen=True, slots=True)
class Redo:
    """Do again what was taken back last."""

    kind: Literal["redo"] = "redo"


@dataclass(frozen=True, slots=True)
class Restore:
    """Make the draft what it was: at a snapshot, or at a revision. It is an operation and can be undone."""

    snapshot: str | None = None
    revision: int | None = None
    kind: Literal["restore"] = "restore"


@dataclass(frozen=True, slots=True)
class Rebase:
    """Put what a draft changed on to the plan that took the place of the one it began as.

    Blocks that both changed in different ways are conflicts: ``on_conflict`` says whose area they get, and
    without it nothing is done and they are listed.
    """

    onto: str | None = None
    on_conflict: Literal["ours", "theirs"] | None = None
    kind: Literal["rebase"] = "rebase"


@dataclass(frozen=True, slots=True)
class ImportAssignments:
    """Give each block to the area that a file says, by their codes; None takes it out of all areas.

    Areas that the draft lacks are made, under that code. ``others`` says what becomes of blocks that are not
    named. The log keeps the file's name, and what moved as for every operation, but not ``assignments``.
    """

    assignments: Annotated[dict[str, str | None], Field(exclude=True)]
    others: Literal["stay", "unassigned"] = "stay"
    file: str | None = None
    kind: Literal["import-assignments"] = "import-assignments"


Operation: TypeAlias = (
    Assign
    | ImportAssignments
    | NewArea
    | Merge
    | Split
    | MoveBorder
    | Rename
    | Lock
    | Unlock
    | Redivide
    | Fill
    | Undo
    | Redo
    | Restore
    | Rebase
)

OPERATION: Final[TypeAdapter[Operation]] = TypeAdapter(Annotated[Operation, Field(discriminator="kind")])


def read_operation(document: Json) -> Operation:
    """Return the operation that a document in JSON says.

    Raises
    ------
    InputError
        It says none.

    Examples
    --------
    >>> read_operation({"kind": "merge", "areas": ["01", "02"]})
    Merge(areas=('01', '02'), into=None, kind='merge')
    """
    try:
        return OPERATION.validate_python(document)
    except ValidationError as error:
        first: Any = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise InputError(f"{place or 'kind'}: {first['msg']}.", field=place or "kind") from error


def written(operation: Operation) -> Json:
    """Return an operation in JSON, without what it leaves to be found."""
    document: Json = OPERATION.dump_python(operation, mode="json", exclude_none=True)
    return document
