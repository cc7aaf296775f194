"""Every word that a map shows, in Chinese and in English."""

from __future__ import annotations

from gisgov.governance.defects import DecisionTitle, DefectTitle
from gisgov.governance.titles import Language
from maps.asset_words import ASSET_WORDS
from maps.risk_words import RISK_WORDS

WORDS: dict[str, tuple[str, str]] = {
    # kinds of map
    "risk-title": ("楼栋风险分布图", "Building risk"),
    "events-title": ("事件分布图", "Events"),
    "grids-title": ("{area}区划图", "{Area} map"),
    "defects-title": ("边界问题图", "Border defects"),
    # head and notes
    "on-day": ("{day} 现行", "in force on {day}"),
    "plan": ("方案 {name}", "plan {name}"),
    "rules": ("评级规则 {version}", "rules {version}"),
    "rules-example": ("评级规则 {version}（示例）", "rules {version} (example)"),
    "period": ("{first} 至 {last}", "{first} to {last}"),
    "notes": ("说明", "Notes"),
    "crs-note": ("坐标：WGS 84（EPSG:4326）", "Coordinates: WGS 84 (EPSG:4326)"),
    "measured-note": ("面积按 {crs} 量算", "Areas measured in {crs}"),
    "bandwidth-note": (
        "密度：高斯核，带宽 {bandwidth} 米",
        "Density: Gaussian kernel, bandwidth {bandwidth} m",
    ),
    "unmapped-note": ("未上图 {count} 条：{why}", "{count} not on the map: {why}"),
    "no-geometry": ("无坐标", "no coordinate"),
    "bad-coordinate": ("坐标无效", "unusable coordinate"),
    "outside-note": ("{area}以外 {count} 条", "{count} outside every {area}"),
    "drawn-by": ("gisgov 制图", "drawn by gisgov"),
    "too-old": (
        "此浏览器版本过旧，无法打开本页，请使用 2023 年以后的 Chrome、Edge、Firefox 或 Safari。",
        "This browser is too old for this page; use Chrome, Edge, Firefox or Safari of 2023 or later.",
    ),
    # panel
    "legend-and-list": ("图例与列表", "Legend and list"),
    "legend": ("图例", "Legend"),
    "table-grids": ("{area}", "{Area}s"),
    "print": ("打印", "Print"),
    "fit": ("显示全图", "Show all"),
    "names": ("显示名称", "Show names"),
    "search": ("查找名称或编码", "Find a name or code"),
    "rows-shown": ("前 {shown} 行，共 {total} 行", "first {shown} of {total}"),
    "rows-before": ("显示前面的行", "Show the rows before"),
    "no-rows": ("没有符合条件的行", "No such row"),
    "unnamed": ("未命名", "Unnamed"),
    "total": ("合计", "Total"),
    "none": ("无数据", "no data"),
    "and-more": ("{low} 及以上", "{low} or more"),
    "less-than": ("小于 {high}", "under {high}"),
    "from-to": ("{low}–{high}", "{low}–{high}"),
    "north": ("北", "N"),
    # grids
    "grid": ("{area}", "{Area}"),
    "grids": ("{area}一览", "{Area} list"),
    "grids-n": ("{count} 个", "{count}"),
    "code": ("编码", "Code"),
    "name": ("名称", "Name"),
    "parent": ("所属", "In"),
    "population": ("人口", "Population"),
    "households": ("户数", "Households"),
    "area": ("面积", "Area"),
    "area-km2": ("km²", "km²"),
    "density-of-people": ("人口密度", "People per km²"),
    "staff": ("人员", "Staff"),
    "staff-count": ("人员数", "Staff"),
    "view-areas": ("区划", "Areas"),
    "view-population": ("人口", "Population"),
    "view-density": ("人口密度", "Density"),
    "view-area": ("面积", "Area"),
    "colour-of-parent": ("底色区分{parent}", "Ground colours part the {parent}"),
    "parents": ("上级区域", "areas above"),
    "people": ("人", ""),
    "people-per-km2": ("人/km²", "/km²"),
    **RISK_WORDS,
    # events
    "events": ("事件", "Events"),
    "source": ("来源", "Source"),
    "level": ("等级", "Level"),
    "category": ("事项", "Category"),
    "state": ("状态", "State"),
    "occurred": ("时间", "At"),
    "number": ("编号", "No."),
    "view-by-source": ("按来源", "By source"),
    "view-by-level": ("按等级", "By level"),
    "view-events-heat": ("热力", "Heat"),
    "view-events-grid": ("{area}密度", "By {area}"),
    "events-per-km2": ("件/km²", "per km²"),
    "events-heat": ("事件密度", "Density of events"),
    "events-of-grid": ("各{area}事件密度", "Events per km², per {area}"),
    "events-count": ("事件数", "Events"),
    "per-km2": ("每 km²", "Per km²"),
    "unclassified": ("未分类", "Unclassified"),
    # service points
    "service-title": ("服务点覆盖图", "Service points"),
    "service-points": ("服务点", "Service points"),
    "tier": ("层级", "Tier"),
    "circle": ("{radius} 米服务圈", "within {radius} m"),
    "counted-people": ("统计人口", "People counted"),
    "outside-people": ("圈外人口", "People outside"),
    "outside-short": ("圈外", "Outside"),
    "share-short": ("比例", "Share"),
    "outside-share": ("圈外比例", "Share outside"),
    "outside-share-of-grid": ("各{area}圈外人口比例", "Share of people outside, per {area}"),
    "no-people": ("无人口", "nobody"),
    "view-outside": ("圈外比例", "Share outside"),
    "view-circles": ("服务圈", "Circles"),
    "radius-note": (
        "服务圈半径 {radius} 米，按直线距离",
        "Circles have a radius of {radius} m, measured in a straight line",
    ),
    **ASSET_WORDS,
    # defects
    "defects": ("问题", "Defects"),
    "layer": ("网层", "Layer"),
    "defect-kind": ("类型", "Kind"),
    "defect-area": ("面积（m²）", "Area (m²)"),
    "defect-areas": ("涉及区域", "Areas involved"),
    "defect-list": ("问题清单", "List of defects"),
    "between-codes": ("、", ", "),
    "no-defects": ("未发现问题", "No defect found"),
    "click-note": (
        "点击一行（或按回车）缩放到该处，再点一次放大到能看出宽度。",
        "Click a row or press Enter to go there; once more to see how wide it is.",
    ),
    **{kind.value: (kind.title_zh, kind.title_en) for kind in DefectTitle},
    "sliver-gap": ("细缝（空白）", "Sliver (gap)"),
    "sliver-overlap": ("细缝（重叠）", "Sliver (overlap)"),
    "sliver-outside": ("细缝（越界）", "Sliver (outside)"),
    "notice": ("{what}（提示）", "{what} (notice)"),
    "defect-width": ("宽度（m）", "Width (m)"),
    "defect-cover": ("重叠层数", "Areas on it"),
    # proof of a check
    "proved": (
        "已证明：范围内每一处恰好属于一个{area}，没有空白、重叠或越界。",
        "Proved: every place of the scope lies in exactly one {area}; no gap, no overlap, nothing outside.",
    ),
    "proved-short": ("已证明无空白、无重叠", "proved: no gap, no overlap"),
    "unproved-short": ("未通过证明", "not proved"),
    "proved-but": ("另有 {count} 处其他问题。", "Defects of other kinds: {count}."),
    "unproved-faults": ("未通过：有 {count} 处问题。", "Not proved. Faults: {count}."),
    "unproved-scope": (
        "未证明：没有给出应覆盖的范围。",
        "Not proved: no scope was given that is to be covered.",
    ),
    "unproved-notices": (
        "没有问题地面；但相邻边界的顶点不一致，逐边证明不成立。",
        "No ground is at fault, but vertices of shared borders differ, so their edges do not cancel.",
    ),
    "unproved-below": (
        "未发现达到容差的问题；但有边未能抵消，逐边证明不成立。",
        "Nothing found reaches a tolerance, but some edges do not cancel.",
    ),
    "repaired": (
        "修复后已证明：范围内每一处恰好属于一个{area}。",
        "Proved after the repair: every place of the scope lies in exactly one {area}.",
    ),
    "not-repaired": (
        "修复后仍未通过证明：还有未处理的问题。",
        "Not proved after the repair: some ground is still at fault.",
    ),
    "proof-figure": ("证明值 {figure}", "Proof figure {figure}"),
    "tolerances-note": ("容差：{what}", "Tolerances: {what}"),
    "below-note": ("低于容差、只计数：{what}", "Below a tolerance, only counted: {what}"),
    "nothing-below-note": ("没有因容差而略去的问题", "Nothing was left out by a tolerance"),
    "sliver_width_m": ("细缝宽度 {value} 米", "sliver width {value} m"),
    "vertex_tolerance_m": ("顶点容差 {value} 米", "vertex tolerance {value} m"),
    "min_gap_m2": ("最小空白 {value} m²", "smallest gap {value} m²"),
    "between-values": ("；", "; "),
    # proposed repairs
    **{decision.value: (decision.title_zh, decision.title_en) for decision in DecisionTitle},
    "repairs-title": ("边界修复方案", "Proposed repairs"),
    "decision": ("处理", "Decision"),
    "receiver": ("划归", "To"),
    "proposals": ("修复方案", "Proposals"),
    "proposal-list": ("处理清单", "List of decisions"),
    "why": ("理由", "Because"),
    "area-changes": ("面积变化（m²）", "Areas before and after (m²)"),
    "before-after-change": ("修复前 · 修复后 · 变化", "before · after · change"),
    "before-m2": ("修复前", "Before"),
    "after-m2": ("修复后", "After"),
    "change-m2": ("变化", "Change"),
    "more-areas": ("另有 {count} 个{area}变化较小", "{count} more, each {area} changed by less"),
    "no-changes": ("没有{area}的面积改变", "No {area} changes"),
    # re-division
    "redivision-title": ("{area}重新划分", "Re-division into {area}s"),
    "compare": ("对比", "Compare"),
    "alternative": ("备选 {number}", "Alternative {number}"),
    "open-alternative": ("查看备选 {number}", "Look at alternative {number}"),
    "alternatives-shown": ("前 {shown} 个备选，共 {total} 个", "first {shown} of {total} alternatives"),
    "best-note": (
        "点击小图查看大图和{area}清单。加粗的是各备选中最好的值。",
        "Click a small map for the large one and its {area}s. Bold is the best of all.",
    ),
    "from-plan": ("在方案 {name} 上调整", "from plan {name}"),
    "day-above": ("上级区域以 {day} 为准", "areas above as of {day}"),
    "blocks-n": ("基础地块 {count} 个", "{count} blocks"),
    "people-n": ("{count} 人", "{count} people"),
    "areas-made": ("{area} {count} 个", "{area}s: {count}"),
    "divided": ("划分对象", "What is divided"),
    "blocks": ("基础地块", "Blocks"),
    "areas-count": ("{area}数", "{Area}s"),
    "load": ("工作量", "Load"),
    "load-all": ("总工作量（单位：一个{area}的目标）", "Load, in targets of one {area}"),
    "load-note": ("工作量 = {rule}", "Load = {rule}"),
    "search-note": (
        "均衡要求 ±{band}，限值 ±{limit}；计算强度 {effort}，随机种子 {seed}",
        "Loads wanted within ±{band}, limit ±{limit}; effort {effort}, seed {seed}",
    ),
    "standard": ("标准", "standard"),
    "quality": ("精细", "quality"),
    "area_km2": ("面积 km²", "km²"),
    "events-year": ("事件", "events"),
    "visits_due": ("应走访", "visits due"),
    "warning_buildings": ("警示楼栋", "warning buildings"),
    "deviation": ("偏差", "Deviation"),
    "deviation-legend": ("工作量偏差", "Deviation of the load"),
    "deviation-remark": ("与所属上级区域平均值相比", "from the mean of the area above"),
    "between": ("{low} 至 {high}", "{low} to {high}"),
    "over": ("{low} 以上", "over {low}"),
    "under": ("{high} 以下", "under {high}"),
    "about-mean": ("±{high} 以内", "within ±{high}"),
    "no-load": ("无工作量", "no load"),
    "parent-border": ("上级区域边界", "Borders of areas above"),
    "former-border": ("现状边界（已变动处）", "Present borders, where they change"),
    "figures": ("指标", "Figures"),
    "within": ("±{share} 以内", "Within ±{share}"),
    "mean-deviation": ("平均偏差", "Mean deviation"),
    "deviation-95": ("偏差 95% 分位数", "95% of deviations up to"),
    "largest-deviation": ("最大偏差", "Largest deviation"),
    "mean-compactness": ("平均紧凑度", "Mean compactness"),
    "polsby-popper": ("Polsby–Popper，圆为 1", "Polsby–Popper, 1 for a disc"),
    "along-streets": ("沿路沿水的边界", "Along streets or water"),
    "moved-people": ("更换{area}的人口", "People who change {area}"),
    "least-moved": ("至少 {count} 人", "at least {count}"),
    "kept-areas": ("保持不变的{area}", "{Area}s unchanged"),
    "several-parts-count": ("不连片的{area}", "{Area}s in several parts"),
    "obstacles": ("障碍", "Obstacles"),
    "no-obstacles": ("没有障碍：全部要求均已满足。", "None: everything asked for was had."),
    "more-obstacles": ("另有 {count} 条", "{count} more"),
    "compactness": ("紧凑度", "Compactness"),
    "parts": ("片数", "Parts"),
    "streets": ("沿路", "Along streets"),
    "origin": ("沿革", "Origin"),
    "from-areas": ("来自", "From"),
    "people-short": ("人口", "People"),
    # two plans
    "changes-title": ("{area}方案对照图", "{Area} plans compared"),
    "hands": ("变更归属的地块", "Ground that changes hands"),
    "hands-list": ("变更清单", "List of changes"),
    "hands-nothing": ("没有地块变更归属", "Nothing changes hands"),
    "hands-totals": ("变更合计", "Changes in all"),
    "hands-kind": ("变更", "Change"),
    "hands-moved": ("划归另一{area}", "Goes to another {area}"),
    "hands-gained": ("新纳入", "New in the plan"),
    "hands-given-up": ("不再纳入", "No longer in the plan"),
    "hands-recoded": ("仅编码改变", "Only the code changes"),
    "hands-from": ("原属", "From"),
    "hands-to": ("划归", "To"),
    "hands-none": ("无", "none"),
    "hands-ground": ("面积（m²）", "Area (m²)"),
    "hands-people": ("人口", "People"),
    "hands-blocks": ("地块", "Blocks"),
    "hands-buildings": ("楼栋", "Buildings"),
    "hands-open_events": ("未办结事件", "Open events"),
    "hands-staff_posts": ("岗位", "Posts"),
    "became": ("原{area}的去向", "Each former {area}"),
    "came": ("新{area}的来源", "Each new {area}"),
    "border-before": ("原边界（已变动处）", "Former borders, where they change"),
    "border-after": ("新边界", "New borders"),
}


class Words:
    """The words of one language.

    Parameters
    ----------
    language : {"zh", "en"}
        The language.
    area : str, optional
        What an area is called in it, such as 社区 or sub-grid; by default 网格 or grid.

    Examples
    --------
    >>> words = Words("zh", area="社区")
    >>> words("total"), words("plan", name="A"), words("grid-ranking")
    ('合计', '方案 A', '社区排名')
    """

    def __init__(self, language: Language, area: str | None = None) -> None:
        self.language = language
        self.html_language = "zh-CN" if language == "zh" else "en"
        self._place = 0 if language == "zh" else 1
        self._area = area or ("网格", "grid")[self._place]

    def __call__(self, key: str, **values: object) -> str:
        """Return a word, its braces filled with ``values`` and with what an area is called."""
        area = self._area if self.language == "zh" else self._area.lower()
        capital = area[:1].upper() + area[1:]
        return WORDS[key][self._place].format(**values, area=area, Area=capital)

    def known(self, key: str) -> str:
        """Return the word of a stored value, or the value itself where it has none."""
        return self(key) if key in WORDS else key

    @property
    def gap(self) -> str:
        """What parts two remarks of a line."""
        return " · "
