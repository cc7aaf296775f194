from datetime import date

from maps.facts import MapFacts
from maps.words import Words


def test_only_what_is_known_is_said() -> None:
    assert MapFacts().headline(Words("zh"), "period", "plan", "rules") == ""
    assert MapFacts().notes(Words("en")) == ["Coordinates: WGS 84 (EPSG:4326)"]


def test_all_is_said_in_order() -> None:
    facts = MapFacts(
        at=date(2026, 3, 1),
        plan="A",
        rules_version="7",
        first=date(2025, 1, 1),
        last=date(2025, 12, 31),
        measured_in="EPSG:4547",
        source="测绘院",
    )
    assert (
        facts.headline(Words("zh"), "period", "plan", "rules")
        == "2025-01-01 至 2025-12-31 · 2026-03-01 现行 · 方案 A · 评级规则 7"
    )
    assert facts.notes(Words("zh"))[1:] == ["面积按 EPSG:4547 量算", "测绘院"]


def test_example_rules_are_called_so() -> None:
    facts = MapFacts(rules_version="1", rules_are_example=True)
    assert facts.headline(Words("en"), "rules") == "rules 1 (example)"


def test_the_default_title_begins_with_the_place() -> None:
    assert MapFacts().title(Words("zh"), "risk-title") == "楼栋风险分布图"
    assert MapFacts(place="青澜区").title(Words("zh"), "risk-title") == "青澜区楼栋风险分布图"
    assert MapFacts(place="Qinglan").title(Words("en"), "risk-title") == "Qinglan: Building risk"
