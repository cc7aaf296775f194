"""Where a fact of the rules comes from: written down with the building, or counted as it is rated."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.governance.titles import Language, Titled


class HazardKind(Titled):
    """What a hazard on record is of."""

    FIRE = "fire", "消防", "Fire"
    ELECTRICAL = "electrical", "用电", "Electricity"
    STRUCTURE = "structure", "房屋结构", "Structure"
    DANGEROUS_GOODS = "dangerous-goods", "危险品", "Dangerous goods"
    WORK_SAFETY = "work-safety", "安全生产", "Work safety"
    OTHER = "other", "其他", "Other"


@dataclass(frozen=True, slots=True)
class HazardCount:
    """A fact that counts the hazards of a building that are found and not yet rectified.

    Parameters
    ----------
    kinds : tuple of HazardKind
        Which; empty: all.
    is_overdue : bool
        Only those whose day of rectification is over.
    """

    kinds: tuple[HazardKind, ...] = ()
    is_overdue: bool = False

    def titled(self, language: Language) -> str:
        """Say how it is counted.

        Examples
        --------
        >>> HazardCount((HazardKind.FIRE,)).titled("en")
        'counted at each rating: hazards found and not rectified (Fire)'
        >>> HazardCount(is_overdue=True).titled("zh")
        '评定时计数：已逾期未整改的隐患（各类）'
        """
        if language == "zh":
            kinds = "、".join(kind.title_zh for kind in self.kinds) or "各类"
            return f"评定时计数：{'已逾期' if self.is_overdue else '在册'}未整改的隐患（{kinds}）"
        kinds = ", ".join(kind.title_en for kind in self.kinds) or "of any kind"
        what = "whose day of rectification is over" if self.is_overdue else "found and not rectified"
        return f"counted at each rating: hazards {what} ({kinds})"


@dataclass(frozen=True, slots=True)
class EventCount:
    """A fact that counts events in a building or near it, over a window of days before the rating.

    Events that were rejected or merged into others are none.

    Parameters
    ----------
    categories : tuple of str
        Codes, groups or functions of the category register, or texts of categories of events that came from
        files; an event counts that has one of them.
    days : int
        How many days the window has: the last one is the day of the rating.
    within_m : float
        How far from the building's footprint an event may lie, metres; 0: only events of the building itself
        (`event_building`).
    """

    categories: tuple[str, ...]
    days: int
    within_m: float = 0.0

    def titled(self, language: Language) -> str:
        """Say how it is counted.

        Examples
        --------
        >>> EventCount(("治安",), 180, 100).titled("zh")
        '评定时计数：截至评定当日 180 天内，楼栋内及周边 100 米内的事件（治安）'
        >>> EventCount(("A001", "A002"), 30).titled("en")
        'counted at each rating: events of the building in the 30 days up to it (A001, A002)'
        """
        if language == "zh":
            where = f"楼栋内及周边 {self.within_m:g} 米内" if self.within_m else "楼栋"
            categories = "、".join(self.categories)
            return f"评定时计数：截至评定当日 {self.days} 天内，{where}的事件（{categories}）"
        where = f"of the building or within {self.within_m:g} m" if self.within_m else "of the building"
        return (
            f"counted at each rating: events {where} in the {self.days} days up to it "
            f"({', '.join(self.categories)})"
        )
