"""Words of the maps of staff posts and of devices, in Chinese and in English."""

from __future__ import annotations

ASSET_WORDS: dict[str, tuple[str, str]] = {
    # vacancies
    "vacancies-title": ("岗位空缺图", "Vacancies"),
    "view-missing": ("空缺", "Vacant"),
    "view-filled": ("到岗率", "Share filled"),
    "posts": ("岗位", "Posts"),
    "posts-needed": ("应配岗位", "Posts needed"),
    "posts-filled": ("在岗", "Filled"),
    "posts-vacant": ("空缺", "Vacant"),
    "vacant-of-role": ("空缺：{role}", "Vacant: {role}"),
    "vacant-short": ("空缺", "Vacant"),
    "needed-short": ("应配", "Needed"),
    "filled-short": ("到岗率", "Filled"),
    "filled-share": ("到岗率", "Share filled"),
    "missing-of-grid": ("各{area}空缺岗位数", "Vacant posts per {area}"),
    "missing-of-role": ("各{area}空缺：{role}", "Vacant per {area}: {role}"),
    "filled-share-of-grid": ("各{area}到岗率", "Share of posts filled, per {area}"),
    "no-formula": ("无配备标准", "no staffing formula"),
    "nobody-needed": ("标准未要求人数", "nobody needed"),
    "formula-note": ("每个{area}的配备标准：{formula}", "Every {area} should have: {formula}"),
    "no-formula-note": (
        "该网层没有配备标准，无法计算空缺",
        "The layer has no staffing formula to hold posts against",
    ),
    # devices
    "devices-title": ("设备在线图", "Devices"),
    "devices": ("设备", "Devices"),
    "table-devices": ("设备", "Devices"),
    "device-kind": ("类型", "Kind"),
    "device-state": ("设备状态", "State"),
    "view-online": ("在线率", "Online share"),
    "view-states": ("设备状态", "States"),
    "view-online-of-kind": ("{kind}在线率", "{kind}: online share"),
    "online-short": ("在线", "Online"),
    "offline-short": ("离线", "Offline"),
    "online-share": ("在线率", "Online share"),
    "online-share-short": ("在线率", "Share"),
    "online-of-kind": ("在线率：{kind}", "Online share: {kind}"),
    "online-share-of-grid": ("各{area}设备在线率", "Online share of devices, per {area}"),
    "online-share-of-kind": ("各{area}{kind}在线率", "{kind}: online share, per {area}"),
    "no-device": ("无在用设备", "no device in use"),
    "heard": ("最近上报", "Heard of"),
    "online-note": (
        "在线率 = 在线 ÷（在线 + 离线），停用设备不计；状态为最近一次上报",
        "Online share: online of online and offline, retired left out; states as last heard of",
    ),
    "devices-outside-note": ("{area}以外设备 {count} 台", "Devices outside every {area}: {count}"),
    "heard-note": ("状态上报时间 {first} 至 {last}", "States heard from {first} to {last}"),
}
