"""What may be wrong with a draft, in words of both languages."""

from __future__ import annotations

from gisgov.governance.titles import Language, Titled


class DraftProblemTitle(Titled):
    """Kinds of problems of a draft."""

    UNASSIGNED = "unassigned", "未划入网格的地块", "Blocks in no area"
    SEVERAL_PARTS = "several-parts", "区域不连片", "Areas in several parts"
    CROSSED_PARENTS = "crossed-parents", "跨上级区域", "Areas across those above"
    OVER_LIMIT = "over-limit", "工作量超限", "Areas over the limit"
    COUNTS_DIFFER = "counts-differ", "人口与地块合计不符", "Areas with other counts than their blocks"


_SENTENCES: dict[DraftProblemTitle, tuple[str, str, str]] = {
    DraftProblemTitle.UNASSIGNED: (
        "有 {count} 个地块未划入任何区域：{codes}。",
        "1 block is in no area: {codes}.",
        "{count} blocks are in no area: {codes}.",
    ),
    DraftProblemTitle.SEVERAL_PARTS: (
        "有 {count} 个区域不连成一片：{codes}。",
        "1 area lies in several parts: {codes}.",
        "{count} areas lie in several parts: {codes}.",
    ),
    DraftProblemTitle.CROSSED_PARENTS: (
        "有 {count} 个区域跨越上级区域的边界：{codes}。",
        "1 area crosses the border of an area above: {codes}.",
        "{count} areas cross the border of an area above: {codes}.",
    ),
    DraftProblemTitle.OVER_LIMIT: (
        "有 {count} 个区域的工作量超出目标 {limit:.0%} 以上：{codes}。",
        "1 area carries over {limit:.0%} more than its target: {codes}.",
        "{count} areas carry over {limit:.0%} more than their target: {codes}.",
    ),
    DraftProblemTitle.COUNTS_DIFFER: (
        "有 {count} 个区域的人口或户数与其地块合计不符，地块变动后改按合计：{codes}。",
        "1 area states other people than its blocks have, and takes theirs if changed: {codes}.",
        "{count} areas state other people than their blocks have, and take theirs if changed: {codes}.",
    ),
}

_MOST_NAMED = 5


def problem_sentence(
    kind: DraftProblemTitle, language: Language, *, count: int, codes: tuple[str, ...], limit: float = 0.0
) -> str:
    """Say what is wrong with a draft.

    Parameters
    ----------
    kind : DraftProblemTitle
        What is wrong.
    language : {"zh", "en"}
        The language.
    count : int
        How many blocks or areas have it, 1 at least.
    codes : tuple of str
        The first of them.
    limit : float
        Share of the target that an area may be over it.

    Examples
    --------
    >>> problem_sentence(DraftProblemTitle.UNASSIGNED, "en", count=2, codes=("b1", "b2"))
    '2 blocks are in no area: b1, b2.'
    >>> problem_sentence(DraftProblemTitle.SEVERAL_PARTS, "zh", count=1, codes=("01",))
    '有 1 个区域不连成一片：01。'
    """
    chinese, one, several = _SENTENCES[kind]
    named = codes[:_MOST_NAMED]
    more = count > len(named)
    if language == "zh":
        return chinese.format(count=count, codes="、".join(named) + ("等" if more else ""), limit=limit)
    words = one if count == 1 else several
    return words.format(count=f"{count:,}", codes=", ".join(named) + (" …" if more else ""), limit=limit)
