"""Words of devices (设备): cameras and others that stand at a place, and whether they work."""

from __future__ import annotations

from gisgov.governance.titles import Language, Titled


class DeviceState(Titled):
    """Whether a device works, as it was last heard of."""

    ONLINE = "online", "在线", "Online"
    OFFLINE = "offline", "离线", "Offline"
    RETIRED = "retired", "停用", "Retired"


class DeviceKind(Titled):
    """Usual kinds of devices; a register may have others, which keep the words they came with."""

    CAMERA = "camera", "摄像头", "Camera"
    SMOKE_DETECTOR = "smoke-detector", "烟感报警器", "Smoke detector"
    WATER_LEVEL = "water-level", "水位监测", "Water level gauge"
    CALL_POINT = "call-point", "一键报警", "Call point"
    SCREEN = "screen", "信息屏", "Screen"
    BARRIER = "barrier", "门禁道闸", "Barrier"


def kind_of_device(text: str) -> str:
    """Return the word that is kept for a kind of device: a usual one by its word or title, else as it is.

    Examples
    --------
    >>> kind_of_device(" 摄像头"), kind_of_device("Camera"), kind_of_device("充电桩")
    ('camera', 'camera', '充电桩')
    """
    known = DeviceKind.read(text)
    return text.strip() if known is None else known.value


def title_of_device(kind: str, language: Language) -> str:
    """Return the title of a kind of device; one that is not among the usual is told as it is kept.

    Examples
    --------
    >>> title_of_device("camera", "zh"), title_of_device("充电桩", "en")
    ('摄像头', '充电桩')
    """
    known = DeviceKind.read(kind)
    return kind if known is None else known.titled(language)


def online_share(online: int, offline: int) -> float | None:
    """Return the share of devices in use that are online; None where none is in use.

    Retired devices are in no use and count neither way.

    Parameters
    ----------
    online, offline : int
        How many there are.

    Returns
    -------
    float or None
        0..1, to a millionth.

    Examples
    --------
    >>> online_share(3, 1), online_share(0, 0)
    (0.75, None)
    """
    in_use = online + offline
    return round(online / in_use, 6) if in_use else None
