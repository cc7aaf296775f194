"""Answers to "who is responsible here" out of memory: the same bytes as the database would give, at once.

`gisgov.services.resolving` is the definition; what is here answers the ordinary question as it does, and says
when it cannot.
"""

from __future__ import annotations

from gisgov.services.ready_answers.callers import Caller, caller_of
from gisgov.services.ready_answers.day import Question, ReadyDay
from gisgov.services.ready_answers.posts import DayPosts
from gisgov.services.ready_answers.systems import Placing, placing_of

__all__ = ["Caller", "DayPosts", "Placing", "Question", "ReadyDay", "caller_of", "placing_of"]
