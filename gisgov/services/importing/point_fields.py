"""Which column of a table holds what, by its usual names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from gisgov.errors import InputError
from gisgov.files.columns import find_field
from gisgov.services.importing.point_report import FieldChoice

EVENT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("external_id", "event_id", "id", "编号", "事件编号", "工单编号", "案件编号", "任务号"),
    "time": (
        "occurred_at", "time", "datetime", "timestamp", "ts", "created", "created_at", "reported_at", "date",
        "发生时间", "上报时间", "受理时间", "创建时间", "时间", "日期",
    ),
    "category": ("category", "type", "事项", "事项名称", "事件类型", "类别", "类型"),
    "level": ("level", "事件等级", "事件级别", "等级", "级别"),
    "state": ("state", "status", "事件状态", "办理状态", "状态"),
    "description": ("description", "descriptor", "事件描述", "描述", "内容", "诉求内容"),
    "source": ("source", "事件来源", "来源", "渠道"),
}  # fmt: skip

BUILDING_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("external_id", "building_id", "id", "楼栋编号", "楼栋编码", "建筑编号", "编号"),
    "name": ("name", "building_name", "楼栋名称", "建筑名称", "名称", "楼栋号"),
    "floors": ("floors", "levels", "storeys", "louceng", "楼层", "层数", "楼层数", "地上层数"),
    "households": ("households", "户数", "总户数"),
    "population": ("population", "people", "人口", "人数", "常住人口"),
    "use": ("use", "building_use", "用途", "使用性质", "房屋用途"),
    "built_year": ("built_year", "year_built", "建成年份", "建成年代", "竣工年份"),
    "source": ("source", "来源"),
}


def choose_fields(
    fields: Sequence[str],
    known: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str],
    *,
    file_name: str,
) -> dict[str, FieldChoice]:
    """Choose the columns of a table.

    Parameters
    ----------
    fields : sequence of str
        Its columns.
    known : mapping
        Usual names by what a column holds, the likeliest first (`EVENT_NAMES`, `BUILDING_NAMES`).
    given : mapping of str to str
        Columns that were named; an empty name says that no column holds it, whatever the columns are called.
    file_name : str
        For messages.

    Returns
    -------
    dict of str to FieldChoice
        By what the column holds; nothing for what no column holds. A column found by its name counts as much
        as one that was named: what cannot be read in it is a problem of its row.

    Raises
    ------
    InputError
        A named column does not exist.

    Examples
    --------
    >>> chosen = choose_fields(("编号", "created"), EVENT_NAMES, {}, file_name="a.csv")
    >>> [(choice.holds, choice.column) for choice in chosen.values()]
    [('id', '编号'), ('time', 'created')]
    """
    chosen: dict[str, FieldChoice] = {}
    by_name = {field.strip().casefold(): field for field in reversed(fields)}
    taken = {find_field(fields, wanted, file_name=file_name) for wanted in given.values() if wanted}
    for holds, names in known.items():
        if given.get(holds) == "":
            continue
        if holds in given:
            column = find_field(fields, given[holds], file_name=file_name)
            chosen[holds] = FieldChoice(holds, column, guessed=False)
            continue
        guess = next(
            (by_name[name] for name in names if name in by_name and by_name[name] not in taken), None
        )
        if guess is not None:
            taken.add(guess)
            chosen[holds] = FieldChoice(holds, guess, guessed=True)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InputError(f"A column cannot hold {unknown[0]!r}.", hint=f"Choose of {', '.join(known)}.")
    return chosen
