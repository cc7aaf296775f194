"""Why ground cannot be divided evenly, in sentences: the reason, its number, what would make it feasible."""

from __future__ import annotations

from typing import Final, NamedTuple

from gisgov.governance.titles import Language, Titled


class ObstacleTitle(Titled):
    """Kinds of obstacle; the words are those of `gisgov.zoning`."""

    GIANT_BLOCK = "giant-block", "地块过大", "Block too large"
    SEVERAL_PIECES = "several-pieces", "上级区域不连片", "Parent in several pieces"
    NESTING_ROUNDING = "nesting-rounding", "取整误差", "Rounding in the parent"
    LOCKED_OFF_TARGET = "locked-off-target", "锁定区域偏离", "Locked area off target"
    TOGETHER_IN_PIECES = "together-in-pieces", "同组地块不相邻", "Group in pieces"
    APART_TOGETHER = "apart-together", "应分地块未分开", "Blocks not kept apart"
    TOO_MANY_SEATS = "too-many-seats", "服务点过多", "Too many service points"
    MOVED_SHARE = "moved-share", "调整人口超限", "Too many people moved"
    TWO_BALANCES = "two-balances", "两项均衡不可兼得", "Two balances at once"
    OUTSIDE_LIMIT = "outside-limit", "工作量超限", "Load outside the limit"


class _Told(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


_SENTENCES: Final[dict[str, _Told]] = {
    ObstacleTitle.GIANT_BLOCK: _Told(
        zh="地块 {block} 一块的工作量就是{parent}内每个区域平均值的 {value:.2f} 倍：{parent}划为不超过 "
        "{needed:.0f} 个区域，或将该地块切开，方可均衡。",
        en="Block {block} alone has {value:.2f} times the mean load of an area of {parent}: split it, or "
        "make no more than {needed:.0f} areas of {parent}.",
    ),
    ObstacleTitle.SEVERAL_PIECES: _Told(
        zh="{parent}分成不相连的几块，其中一块内各区域的平均工作量偏离 {value:.1%}：划为 {needed:.0f} 个区"
        "域可使各块都在限值内。",
        en="{parent} is in several pieces, and the areas of one are off by {value:.1%} on average: with "
        "{needed:.0f} areas all pieces keep to the limit.",
    ),
    ObstacleTitle.NESTING_ROUNDING: _Told(
        zh="{parent}的区域数只能取整数，平均工作量与全部区域的平均值相差 {value:.1%}：划为 {needed:.0f} 个"
        "区域最接近。",
        en="Areas of {parent} are off the mean of all areas by {value:.1%}, because their number is "
        "whole: {needed:.0f} areas come nearest.",
    ),
    ObstacleTitle.LOCKED_OFF_TARGET: _Told(
        zh="锁定的区域 {area} 偏离平均值 {value:.1%}，限值为 {needed:.0%}：解除锁定方可调整。",
        en="The locked area {area} is off by {value:.1%}, the limit is {needed:.0%}: unlock it to have it "
        "changed.",
    ),
    ObstacleTitle.TOGETHER_IN_PIECES: _Told(
        zh="须在一起的地块组 {block} 不相邻，为连成一片并入了 {value:.0f} 个地块：缩小该组，或接受其间地块"
        "一同划入。",
        en="The blocks of group {block} do not touch, and {value:.0f} blocks between them were put to it: "
        "make the group smaller, or accept those.",
    ),
    ObstacleTitle.APART_TOGETHER: _Told(
        zh="应分开的地块有 {value:.0f} 对仍同在区域 {area}（如地块 {block}）：增加区域数，或减少分开的要求。",
        en="{value:.0f} pairs of blocks that are to be apart lie in area {area}, block {block} for one: make "
        "more areas, or ask for fewer to be apart.",
    ),
    ObstacleTitle.TOO_MANY_SEATS: _Told(
        zh="{parent}有 {value:.0f} 个服务点，最多只有 {needed:.0f} 个区域：划为 {value:.0f} 个区域，或去掉"
        "多余的服务点。",
        en="{parent} has {value:.0f} service points for {needed:.0f} areas at the most: make {value:.0f} "
        "areas, or leave service points out.",
    ),
    ObstacleTitle.MOVED_SHARE: _Told(
        zh="有 {value:.2%} 的人口更换区域；在限值内的任何划法至少要调整 {needed:.2%}：请放宽调整上限或均衡"
        "限值。",
        en="{value:.2%} of the people change their area, and any division within the limit moves at least "
        "{needed:.2%}: allow more to move, or a wider limit.",
    ),
    ObstacleTitle.TWO_BALANCES: _Told(
        zh="{parent}的人口与面积两项目标不能同时满足：无论划为几个区域，至少有一项平均偏离 {value:.0%}，"
        "限值为 {needed:.0%}。请按两者加权的工作量均衡，或只取其一。",
        en="Both targets at once, people and ground, cannot be kept to in {parent}: whatever the number of "
        "areas, one is missed by {value:.0%} on average at best, the limit is {needed:.0%}. Balance a "
        "weighted load of both, or one of them.",
    ),
    ObstacleTitle.OUTSIDE_LIMIT: _Told(
        zh="区域 {area} 偏离平均值 {value:.1%}，限值为 {needed:.0%}，未找到更好的划法：可换随机种子，尚未"
        "用过高强度（quality）的可用之，或降低紧凑与沿路的权重。",
        en="Area {area} is off by {value:.1%}, the limit is {needed:.0%}, and nothing better was found: "
        "another seed, the effort quality if it was not that, or lower weights of compactness and "
        "streets may help.",
    ),
}

_HOPELESS: Final[dict[str, _Told]] = {
    ObstacleTitle.NESTING_ROUNDING: _Told(
        zh="{parent}的区域数只能取整数，平均工作量与全部区域的平均值相差 {value:.1%}，其他个数不会更接近。",
        en="Areas of {parent} are off the mean of all areas by {value:.1%}, because their number is whole; "
        "no other number comes nearer.",
    ),
    ObstacleTitle.GIANT_BLOCK: _Told(
        zh="地块 {block} 一块的工作量就是{parent}内每个区域平均值的 {value:.2f} 倍：须将该地块切开。",
        en="Block {block} alone has {value:.2f} times the mean load of an area of {parent}: it has to be "
        "split.",
    ),
    ObstacleTitle.SEVERAL_PIECES: _Told(
        zh="{parent}分成不相连的几块，其中一块内各区域的平均工作量偏离 {value:.1%}，改变区域数无法消除：可"
        "并入相邻的上级区域，或接受该偏差。",
        en="{parent} is in several pieces, and the areas of one are off by {value:.1%} on average, which "
        "no number of areas mends: let areas span parents, or accept it.",
    ),
}
"""Where no number of areas helps: ``needed`` is 0."""


def obstacle_sentence(
    kind: str,
    language: Language,
    *,
    value: float,
    needed: float,
    parent: str = "",
    area: str = "",
    block: str = "",
) -> str:
    """Tell of an obstacle in a sentence.

    Parameters
    ----------
    kind : str
        A word of `ObstacleTitle`.
    language : {"zh", "en"}
        Of the sentence.
    value, needed : float
        Its numbers, as `gisgov.zoning` gives them.
    parent, area, block : str
        What the parent, area, and block or group of blocks are called, where the kind speaks of them.

    Examples
    --------
    >>> obstacle_sentence("giant-block", "en", value=2.3, needed=0, parent="Gui Yuan", block="0012")
    'Block 0012 alone has 2.30 times the mean load of an area of Gui Yuan: it has to be split.'
    >>> obstacle_sentence("giant-block", "zh", value=2.3, needed=0, parent="桂园社区", block="0012")
    '地块 0012 一块的工作量就是桂园社区内每个区域平均值的 2.30 倍：须将该地块切开。'
    """
    table = _HOPELESS if kind in _HOPELESS and not needed else _SENTENCES
    told = table[kind]
    sentence = told.zh if language == "zh" else told.en
    return sentence.format(value=value, needed=needed, parent=parent, area=area, block=block)
