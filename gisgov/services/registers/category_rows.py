"""Rows of a file as items of the register: columns found, values read and judged one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.text_tables import RawTable
from gisgov.governance.events import EventLevel
from gisgov.governance.loop import loop_machine
from gisgov.governance.register import ItemKind, RegisterItem, read_layers, read_limits
from gisgov.services.importing.plain_tables import choose_columns, ragged_rows
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.services.registers.category_report import CategoriesImport
from gisgov.store.registers import Department, folded
from gisgov.types import Texts

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "code", "category_code", "item_code", "事项编码", "事项编号", "事项代码", "编码", "编号", "代码",
    ),
    "title": ("title", "title_zh", "name", "item", "category", "事项名称", "事项", "名称", "标题"),
    "title_en": ("title_en", "english", "name_en", "英文名称", "英文"),
    "function": ("function", "职能", "职能类别", "职能分类", "一级分类", "大类"),
    "group": ("group", "grp", "subgroup", "分组", "类别", "二级分类", "小类"),
    "kind": ("kind", "type", "性质", "类型", "事件部件", "事项类型"),
    "level": ("level", "default_level", "级别", "等级", "事件级别", "默认级别", "分级"),
    "department": (
        "department", "department_code", "responsible", "责任部门", "责任部门编码", "主责部门", "牵头部门",
        "部门",
    ),
    "limits": ("limits", "deadlines", "time_limits", "时限", "办理时限", "处置时限", "各环节时限"),
    "layers": ("layers", "layer", "routing", "分派层级", "分派网层", "网层", "层级"),
    "example": ("example", "is_example", "示例", "是否示例"),
}  # fmt: skip
"""Usual names of columns by what they hold."""

_NEEDED: Final = ("code", "title", "function", "level")
_TEXTS: Final = ("title", "function")
_CODE: Final = re.compile(r"[^\s/\\?#]{1,40}")
_YES: Final = frozenset({"1", "true", "yes", "y", "是", "示例"})
_NO: Final = frozenset({"0", "false", "no", "n", "否"})
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row that may be proposed."""

    row: int
    item: RegisterItem


def find_category_columns(asked: CategoriesImport, table: RawTable) -> dict[str, str]:
    """Find the columns of a file, by what they hold.

    Raises
    ------
    InputError
        One that is needed or was named is not there.
    """
    chosen = choose_columns(
        table,
        NAMES,
        needed=_NEEDED,
        asked=asked.fields,
        subject="category",
        file_name=asked.path.name,
    )
    return {holds: name for holds, name in chosen.items() if name is not None}


def read_items(
    table: RawTable, columns: Mapping[str, str], known: Mapping[str, Department]
) -> tuple[list[ItemRow], list[RowProblem]]:
    """Read and judge every row.

    Parameters
    ----------
    table : RawTable
        The rows.
    columns : mapping of str to str
        Columns by what they hold.
    known : mapping of str to Department
        The departments that may answer for an item, by code.

    Returns
    -------
    tuple
        The rows without problems, and the problems of the others.
    """
    nothing: Texts = np.full(len(table.rows), None, dtype=object)
    cells = {
        holds: texts_of(table.columns.column(columns[holds]), field=columns[holds])
        if holds in columns
        else nothing
        for holds in NAMES
    }
    counts = Counter(code for code in cells["code"] if code is not None)
    by_title = {folded(one.title): one.code for one in known.values()} | {code: code for code in known}
    found, sound = ragged_rows(table), []
    for i, row in enumerate(table.rows.tolist()):
        reading = _Row({holds: column[i] for holds, column in cells.items()}, counts, by_title)
        item = reading.item()
        problems = [RowProblem(row, cells["code"][i], str(kind), told) for kind, told in reading.problems]
        found += problems
        if item is not None and row not in table.ragged:
            sound.append(ItemRow(row, item))
    return sound, found


def strange_things(items: list[RegisterItem], layers: frozenset[str]) -> tuple[str, ...]:
    """Return what is strange about items: shared titles, and layers that are not there."""
    titles = Counter(folded(one.title) for one in items)
    shared = [one.code for one in items if titles[folded(one.title)] > 1]
    absent = sorted({layer for one in items for layer in one.layers.values()} - layers)
    return (
        *(
            [f"{_named(shared)} share their titles with others: events find them by code alone."]
            if shared
            else []
        ),
        *([f"There is no layer {_named(absent)}: routing passes it by until there is."] if absent else []),
    )


def _named(words: list[str]) -> str:
    return ", ".join(words[:_MOST_NAMED]) + (" …" if len(words) > _MOST_NAMED else "")


class _Row:
    """One row on its way to an item, with the problems found."""

    def __init__(
        self, cells: Mapping[str, str | None], counts: Mapping[str, int], departments: Mapping[str, str]
    ) -> None:
        self.cells = cells
        self.counts = counts
        self.departments = departments
        self.problems: list[tuple[ProblemKind, str]] = []

    def item(self) -> RegisterItem | None:
        """Return the item; None with problems."""
        self.problems += self._of_code()
        for holds in _TEXTS:
            if self.cells[holds] is None:
                self.problems.append((ProblemKind.BAD_VALUE, f"names no {holds}"))
        kind, level = self._read("kind", ItemKind.read), self._level()
        department = self._department()
        limits = self._parsed("limits", lambda text: read_limits(text, loop_machine().stages))
        layers = self._parsed("layers", read_layers)
        is_example = self._read("example", _flag)
        if self.problems or level is None:
            return None
        function = str(self.cells["function"])
        return RegisterItem(
            str(self.cells["code"]),
            str(self.cells["title"]),
            self.cells["title_en"],
            function,
            self.cells["group"] or function,
            kind or ItemKind.EVENT,
            level,
            department,
            limits,
            layers,
            bool(is_example),
        )

    def _of_code(self) -> Iterator[tuple[ProblemKind, str]]:
        code = self.cells["code"]
        if code is None:
            yield ProblemKind.MISSING_CODE, "has no code"
        elif _CODE.fullmatch(code) is None:
            yield (
                ProblemKind.BAD_VALUE,
                f"has the code {code!r}; codes are up to 40 signs without spaces and slashes",
            )
        elif self.counts[code] > 1:
            yield ProblemKind.DUPLICATE_CODE, f"shares its code with {self.counts[code] - 1} other rows"

    def _level(self) -> EventLevel | None:
        if self.cells["level"] is None:
            self.problems.append((ProblemKind.BAD_VALUE, "names no level"))
        level: EventLevel | None = self._read("level", EventLevel.read)
        return level

    def _department(self) -> str | None:
        text = self.cells["department"]
        code = None if text is None else self.departments.get(text) or self.departments.get(folded(text))
        if text is not None and code is None:
            told = f"names {text}, which is no department that is known"
            self.problems.append((ProblemKind.UNKNOWN_DEPARTMENT, told))
        return code

    def _read(self, holds: str, read: Callable[[str], Any]) -> Any:
        text = self.cells[holds]
        value = None if text is None else read(text)
        if text is not None and value is None:
            self.problems.append((ProblemKind.BAD_VALUE, f"has {text!r} as its {holds}"))
        return value

    def _parsed(self, holds: str, read: Callable[[str], dict[Any, Any]]) -> dict[Any, Any]:
        try:
            return read(self.cells[holds] or "")
        except InputError as error:
            self.problems.append((ProblemKind.BAD_VALUE, f"has {holds} that cannot be: {error.message[:-1]}"))
            return {}


def _flag(text: str) -> bool | None:
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None
