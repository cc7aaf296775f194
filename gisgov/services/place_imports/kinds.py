"""What can be brought in, and what each row of a file says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import sqlalchemy as sa

from gisgov.governance.devices import DeviceState, kind_of_device
from gisgov.governance.visits import VisitPolicy
from gisgov.governance.visits.policy import named
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.services.place_imports.cells import Columns, Row
from gisgov.services.policies import policy_in_force
from gisgov.store import permits, place_registers
from gisgov.store.areas import codes_ever_in_force
from gisgov.store.layers import all_layers
from gisgov.store.place_registers import Record, Register
from gisgov.store.registers import departments

_FROM: Final = ("valid_from", "from", "起始日期", "开始日期", "启用日期")
_TO: Final = ("valid_to", "to", "until", "截止日期", "结束日期", "停用日期")
_TITLE: Final = ("title", "name", "名称", "标题")
_STATES: Final = {"正常": DeviceState.ONLINE, "故障": DeviceState.OFFLINE, "拆除": DeviceState.RETIRED}
"""What else states of devices are called."""
_MOST_PEOPLE: Final = 100_000

Read: TypeAlias = Callable[[Row], Record]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """Something that files are brought in of.

    Attributes
    ----------
    name, subject : str
        What all of them are called, and one.
    register : Register
        Where they are kept.
    names : mapping of str to tuple of str
        Usual names of columns by what they hold.
    needed : tuple of str
        What a file must have.
    reader : callable
        Given the connection, the columns and the source of the file: what reads one row.
    numbers, days : tuple of str
        Which columns are numbers, and which days.
    moments : tuple of str
        Which columns are moments.
    has_place : bool
        Whether they have coordinates.
    dated : tuple of str or None
        A column, and the one that says as of when that holds: a row that is older than what is known is
        refused, and of one that is new and does not say when, it holds from now on.
    """

    name: str
    subject: str
    register: Register
    names: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    reader: Callable[[sa.Connection, Columns, str], Read]
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ("valid_from", "valid_to")
    moments: tuple[str, ...] = ()
    has_place: bool = True
    dated: tuple[str, str] | None = None


def _devices(_: sa.Connection, __: Columns, ___: str) -> Read:
    def read(row: Row) -> Record:
        record: Record = {
            "id": row.needed("id", ProblemKind.MISSING_ID),
            "kind": kind_of_device(row.needed("kind")),
            "geom": row.place(only_points=True),
        }
        if row.has("title"):
            record["title"] = row.text("title")
        if row.has("state"):
            state = row.one_of(
                "state",
                lambda told: DeviceState.read(told) or _STATES.get(told),
                "no state of a device (online, offline, retired)",
                ProblemKind.BAD_VALUE,
            )
            record["state"] = str(state or DeviceState.ONLINE)
        if row.has("state_at"):
            record["state_at"] = row.moment("state_at")
        return record

    return read


class _Owners:
    """Who answers where an exception holds: an area of a layer, a department, or both."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        known = departments(connection)
        self._departments = {one.title: code for code, one in known.items()} | {code: code for code in known}
        self._layers: dict[str, tuple[int, frozenset[str]] | None] = {}

    def layer(self, name: str) -> tuple[int, frozenset[str]] | None:
        """Return the id of a layer and all codes it ever had; None for none."""
        if name not in self._layers:
            found = {one.name: one.id for one in all_layers(self._connection)}.get(name)
            codes = None if found is None else codes_ever_in_force(self._connection, found)
            self._layers[name] = None if found is None or codes is None else (found, frozenset(codes))
        return self._layers[name]

    def read(self, row: Row) -> Record:
        """Read who answers."""
        layer = row.one_of("layer", self.layer, "no layer", ProblemKind.BAD_VALUE)
        area = row.text("area")
        if (row.text("layer") is None) != (area is None):
            row.fault(ProblemKind.BAD_VALUE, "names a layer without an area, or an area without its layer")
        elif layer is not None and area not in layer[1]:
            told = f"names {area}, which is no area of layer {row.text('layer')}"
            row.fault(ProblemKind.UNKNOWN_AREA, told)
        department = row.one_of(
            "department", self._departments.get, "no department", ProblemKind.UNKNOWN_DEPARTMENT
        )
        if row.text("department") is None and area is None:
            row.fault(ProblemKind.BAD_VALUE, "names neither an area nor a department that answers there")
        layer_id = None if layer is None else layer[0]
        return {"layer_id": layer_id, "area_code": area, "department_code": department}


def _exceptions(connection: sa.Connection, _: Columns, source: str) -> Read:
    codes = {code: one.code for one in permits.versions(connection) for code in (one.title, one.code)}
    owners = _Owners(connection)

    def read(row: Row) -> Record:
        items = row.listed("categories")
        for item in items:
            if item not in codes:
                row.fault(ProblemKind.BAD_VALUE, f"names {item}, which is no item of the register")
        reach_m = row.number("reach_m", least=0, most=1000)
        if reach_m == 0 and not row.is_ground and not row.faults:
            row.fault(ProblemKind.BAD_NUMBER, "is no ground, so it needs a reach_m above 0")
        return {
            "source": source,
            "title": row.needed("title"),
            "geom": row.place(only_points=False),
            "reach_m": reach_m,
            "categories": [*dict.fromkeys(codes[item] for item in items if item in codes)],
            **owners.read(row),
            **row.span(),
        }

    return read


def _service_points(connection: sa.Connection, _: Columns, __: str) -> Read:
    policy: VisitPolicy = policy_in_force(connection, "visits")
    tiers = ", ".join(one.name for one in policy.tiers)

    def read(row: Row) -> Record:
        row.needed("tier")
        tier = row.one_of(
            "tier",
            lambda told: named(policy.tiers, told),
            f"no tier of service points ({tiers})",
            ProblemKind.BAD_VALUE,
        )
        return {
            "code": row.needed("code", ProblemKind.MISSING_CODE),
            "tier": None if tier is None else tier.name,
            "title": row.needed("title"),
            "geom": row.place(only_points=True),
            **row.span(),
        }

    return read


def _care(connection: sa.Connection, columns: Columns, _: str) -> Read:
    policy: VisitPolicy = policy_in_force(connection, "visits")
    known = ", ".join(one.name for one in policy.care)
    told_ids = [told for told in columns.texts["building"] if told is not None]
    buildings = place_registers.ids_of_buildings(connection, told_ids)

    def building(row: Row) -> int | None:
        external_id = row.needed("building", ProblemKind.MISSING_ID)
        of_sources, source = buildings.get(external_id, {}), row.text("building_source")
        if external_id and not of_sources:
            row.fault(ProblemKind.BAD_VALUE, f"names {external_id}, which is no building")
        elif source is not None and source not in of_sources and external_id:
            row.fault(ProblemKind.BAD_VALUE, f"names {external_id} of {source}, which is no building")
        elif source is None and len(of_sources) > 1:
            told = f"names {external_id}, which {len(of_sources)} sources have; say whose it is"
            row.fault(ProblemKind.BAD_VALUE, told)
        return next((one for of, one in of_sources.items() if source in (None, of)), None)

    def read(row: Row) -> Record:
        for holds in ("category", "count", "as_of"):
            row.needed(holds)
        category = row.one_of(
            "category",
            lambda told: named(policy.care, told),
            f"no care category ({known})",
            ProblemKind.BAD_VALUE,
        )
        return {
            "building_id": building(row),
            "category": None if category is None else category.name,
            "count": int(row.number("count", least=0, most=_MOST_PEOPLE, is_whole=True)),
            "as_of": row.day("as_of"),
        }

    return read


KINDS: Final[Mapping[str, ImportKind]] = {
    "devices": ImportKind(
        "devices",
        "device",
        place_registers.DEVICES,
        {
            "id": ("id", "device_id", "code", "设备编号", "设备编码", "编号", "编码"),
            "kind": ("kind", "type", "设备类型", "类型"),
            "title": ("title", "name", "设备名称", "名称"),
            "state": ("state", "status", "状态", "设备状态"),
            "state_at": ("state_at", "last_seen", "状态时间", "最近上报时间"),
        },
        ("id", "kind"),
        _devices,
        moments=("state_at",),
        dated=("state", "state_at"),
    ),
    "exceptions": ImportKind(
        "exceptions",
        "exception",
        place_registers.EXCEPTIONS,
        {
            "title": _TITLE,
            "reach_m": ("reach_m", "reach", "范围米", "范围"),
            "categories": ("categories", "category", "事项", "事项编码"),
            "layer": ("layer", "网层", "层级"),
            "area": ("area", "area_code", "网格编码", "区域编码"),
            "department": ("department", "department_code", "责任部门", "部门"),
            "valid_from": _FROM,
            "valid_to": _TO,
        },
        ("title",),
        _exceptions,
        numbers=("reach_m",),
    ),
    "service-points": ImportKind(
        "service-points",
        "service point",
        place_registers.SERVICE_POINTS,
        {
            "code": ("code", "id", "编码", "编号"),
            "tier": ("tier", "level", "层级", "级别"),
            "title": _TITLE,
            "valid_from": _FROM,
            "valid_to": _TO,
        },
        ("code", "tier", "title"),
        _service_points,
    ),
    "care": ImportKind(
        "care",
        "care count",
        place_registers.CARE,
        {
            "building": ("building", "building_id", "external_id", "楼栋编号", "楼栋编码", "编号"),
            "building_source": ("building_source", "楼栋来源"),
            "category": ("category", "care", "关爱类别", "类别"),
            "count": ("count", "people", "人数", "数量"),
            "as_of": ("as_of", "date", "截至日期", "统计日期", "日期"),
        },
        ("building", "category", "count", "as_of"),
        _care,
        numbers=("count",),
        days=("as_of",),
        has_place=False,
        dated=("count", "as_of"),
    ),
}
"""All kinds by name."""
