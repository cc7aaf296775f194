"""The roles that accounts hold, everywhere or in an area."""

from __future__ import annotations

from gisgov.governance.titles import Titled


class Role(Titled):
    """What somebody is for, in an area or everywhere; `RightsTable` says what each may do."""

    VIEWER = "viewer", "查看员", "Viewer"
    OFFICER = "officer", "网格员", "Grid officer"
    DISPATCHER = "dispatcher", "调度员", "Dispatcher"
    PLANNER = "planner", "规划员", "Planner"
    MANAGER = "manager", "管理员", "Manager"
    ADMINISTRATOR = "administrator", "系统管理员", "Administrator"
