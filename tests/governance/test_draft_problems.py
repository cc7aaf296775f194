"""Problems of drafts in words."""

from __future__ import annotations

import pytest

from gisgov.governance.draft_problems import DraftProblemTitle, problem_sentence


@pytest.mark.parametrize("kind", list(DraftProblemTitle))
def test_each_problem_is_said_in_both_languages(kind: DraftProblemTitle) -> None:
    codes = ("1", "2", "3", "4", "5", "6")
    english = problem_sentence(kind, "en", count=1_200, codes=codes, limit=0.1)
    assert english.startswith("1,200 ")
    assert english.endswith("1, 2, 3, 4, 5 ….")
    assert problem_sentence(kind, "en", count=1, codes=("1",), limit=0.1).endswith(": 1.")
    chinese = problem_sentence(kind, "zh", count=1_200, codes=codes, limit=0.1)
    assert chinese.startswith("有 1200 个")
    assert chinese.endswith("1、2、3、4、5等。")
