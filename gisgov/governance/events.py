"""Words of events (事件): how grave, from where, how far, and why one has no area."""

from __future__ import annotations

from typing import Self

from gisgov.governance.titles import Titled

_SPELLINGS = {"一": "1", "二": "2", "三": "3", "ⅰ": "1", "ⅱ": "2", "ⅲ": "3", "i": "1", "ii": "2", "iii": "3"}


class EventLevel(Titled):
    """Who deals with an event: the patrol on the spot, the grid or community, the street or a department."""

    FIRST = "1", "一级", "Level 1"
    SECOND = "2", "二级", "Level 2"
    THIRD = "3", "三级", "Level 3"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the level that a text means, or None.

        Besides the word and the titles it knows ``一``, ``1级``, ``Ⅱ级``, ``III`` and the like.

        Examples
        --------
        >>> [EventLevel.read(text).value for text in ("一级", "2级", "Ⅲ", "level 1")]
        ['1', '2', '3', '1']
        """
        known = super().read(text)
        if known is not None:
            return known
        bare = text.strip().casefold().removesuffix("级")
        return super().read(_SPELLINGS.get(bare, bare))


class EventSource(Titled):
    """How an event came to be known."""

    PATROL = "patrol", "网格巡查", "Grid patrol"
    HOTLINE = "hotline", "12345 热线", "12345 hotline"
    PETITION = "petition", "信访", "Petition"
    OPINION = "opinion", "网络舆情", "Public opinion"
    CAMERA = "camera", "视频监控", "Camera"
    QR_CODE = "qr-code", "扫码上报", "QR code"
    OTHER = "other", "其他", "Other"


class EventState(Titled):
    """How far the handling of an event has come."""

    REPORTED = "reported", "已上报", "Reported"
    VERIFIED = "verified", "已核实", "Verified"
    ACCEPTED = "accepted", "已受理", "Accepted"
    DISPATCHED = "dispatched", "已分拨", "Dispatched"
    HANDLING = "handling", "处置中", "Handling"
    SUSPENDED = "suspended", "已挂起", "Suspended"
    HANDLED = "handled", "已处置", "Handled"
    REVIEWED = "reviewed", "已复核", "Reviewed"
    CLOSED = "closed", "已办结", "Closed"
    REVISITED = "revisited", "已回访", "Revisited"
    REJECTED = "rejected", "不予受理", "Rejected"
    MERGED = "merged", "已并案", "Merged as a duplicate"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about the event."""
        return self not in (EventState.CLOSED, EventState.REVISITED, EventState.REJECTED, EventState.MERGED)


class OrphanReason(Titled):
    """Why an event or a building belongs to no area of a layer."""

    NO_COORDINATE = "no-coordinate", "无坐标", "No coordinate"
    BAD_COORDINATE = "bad-coordinate", "坐标无效", "Coordinate cannot be used"
    OUTSIDE = "outside", "在所有区域之外", "Outside every area"


class EventParting(Titled):
    """By what events are parted."""

    SOURCE = "source", "来源", "Source"
    LEVEL = "level", "等级", "Level"
    CATEGORY = "category", "事项", "Category"
    GROUP = "group", "类别", "Group of categories"
    FUNCTION = "function", "职能", "Function"
    MONTH = "month", "月份", "Month"
