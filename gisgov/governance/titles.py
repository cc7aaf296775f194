"""Words with a title in Chinese and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self, TypeAlias

Language: TypeAlias = Literal["zh", "en"]


class Titled(StrEnum):
    """A closed list of words; each member is its stored word and carries both titles.

    Examples
    --------
    >>> class Weather(Titled):
    ...     RAIN = "rain", "雨", "Rain"
    >>> Weather("rain").title_zh, Weather.RAIN.titled("en"), str(Weather.RAIN)
    ('雨', 'Rain', 'rain')
    >>> Weather.read(" RAIN "), Weather.read("雪")
    (<Weather.RAIN: 'rain'>, None)
    """

    title_zh: str
    title_en: str

    # the titles have defaults for type checkers only: to them LayerKind("partition") is a call of __new__
    def __new__(cls, word: str, title_zh: str = "", title_en: str = "") -> Self:
        """Make the member for ``word`` and hang its titles on it."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.title_zh = title_zh
        member.title_en = title_en
        return member

    def titled(self, language: Language) -> str:
        """Return the title in ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the member that a text means, by its word or one of its titles, or None.

        Case and surrounding space do not matter.
        """
        wanted = text.strip().casefold()
        for member in cls:
            if wanted in (member.value, member.title_zh.casefold(), member.title_en.casefold()):
                return member
        return None
