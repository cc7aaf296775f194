"""Alternatives of a re-division side by side: their figures, and which of them are the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from maps import areas
from maps.divided import Alternative, Divided, largest, per_cent
from maps.document import Comparison, Measure, View
from maps.words import Words

VIEW = "compare"


def comparison(
    divided: Divided, frames: Sequence[pd.DataFrame], views: Sequence[View], words: Words
) -> Comparison:
    """Put the alternatives of a re-division side by side; ``views`` are those that show them."""
    return Comparison(
        view=VIEW,
        compared=tuple(view.id for view in views),
        remarks=tuple(told.plan or "" for told in divided.alternatives),
        measures=tuple(measures(divided, divided.alternatives, frames, words)),
        note=words("best-note"),
    )


def measures(
    divided: Divided, alternatives: Sequence[Alternative], frames: Sequence[pd.DataFrame], words: Words
) -> list[Measure]:
    """Return the figures of alternatives; those of which nothing is known are left out.

    Parameters
    ----------
    divided : Divided
        The re-division.
    alternatives : sequence of Alternative
        Those wanted.
    frames : sequence of DataFrame
        Their areas, with the column deviation.
    words : Words
        Language.
    """
    figures = [told.figures for told in alternatives]
    off = [largest(areas.numbers(frame, "deviation"), 0.95) for frame in frames]

    def share(title: str, values: Sequence[float | None], better: Better, remark: str = "") -> Measure | None:
        return _measure(title, values, written_share, better, remark)

    def count(title: str, values: Sequence[int | None], better: Better, remark: str = "") -> Measure | None:
        return _measure(title, values, lambda value: f"{value:,.0f}", better, remark)

    found = [
        count(words("areas-count"), [one.areas for one in figures], None),
        share(words("within", share=per_cent(divided.band)), [one.within_band for one in figures], max),
        share(words("within", share=per_cent(divided.limit)), [one.within_limit for one in figures], max),
        share(words("mean-deviation"), [one.mean_deviation for one in figures], min),
        share(words("deviation-95"), off, min),
        share(words("largest-deviation"), [one.largest_deviation for one in figures], min),
        _measure(
            words("mean-compactness"),
            [one.mean_polsby_popper for one in figures],
            lambda value: f"{value:.3f}",
            max,
            words("polsby-popper"),
        ),
        share(words("along-streets"), [one.along_streets for one in figures], max),
        _moved(divided, alternatives, words),
        count(words("several-parts-count"), [one.several_parts for one in figures], min),
        count(words("obstacles"), [len(told.obstacles) for told in alternatives], min),
    ]
    if divided.source is not None:
        found.insert(-2, count(words("kept-areas"), [one.kept_areas for one in figures], max))
    return [one for one in found if one is not None]


Better = Callable[..., float] | None
"""What chooses the best of several values: ``max``, ``min``, or nothing."""


def written_share(value: float) -> str:
    """Return a share in per cent; what is not all is not written as all.

    Examples
    --------
    >>> written_share(0.9996), written_share(1.0), written_share(0.971)
    ('<100%', '100.0%', '97.1%')
    """
    text = f"{value:.1%}"
    return "<100%" if text == "100.0%" and value < 1 else text


def _measure(
    title: str,
    values: Sequence[float | None],
    written: Callable[[float], str],
    better: Better,
    remark: str = "",
) -> Measure | None:
    """Write values; the best are those that read as the best does."""
    known = [value for value in values if value is not None and value == value]
    if not known:
        return None
    texts = tuple("–" if value is None or value != value else written(value) for value in values)
    best = written(better(known)) if better and len(set(texts)) > 1 else None
    return Measure(title, texts, tuple(text == best for text in texts), remark)


def _moved(divided: Divided, alternatives: Sequence[Alternative], words: Words) -> Measure | None:
    figures = [told.figures for told in alternatives]
    shares = [one.moved_share for one in figures]
    least = divided.least_moved_population
    remark = "" if least is None else words("least-moved", count=f"{least:,}")
    found = _measure(
        words("moved-people"),
        [one.moved_population for one in figures],
        lambda value: f"{value:,.0f}",
        min,
        remark,
    )
    if found is None:
        return None
    texts = tuple(
        text if share is None else f"{text} ({share:.1%})"
        for text, share in zip(found.figures, shares, strict=True)
    )
    return Measure(found.title, texts, found.best, remark)
