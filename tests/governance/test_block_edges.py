"""Titles and stored words of edge classes."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.block_edges import EdgeTitle, classes_of, words_of


def test_titles_stand_in_the_order_of_the_numbers() -> None:
    assert [title.edge_class for title in EdgeTitle] == list(EdgeClass)


def test_words_and_numbers_are_each_others_inverse() -> None:
    numbers = np.arange(len(EdgeClass))
    assert classes_of(words_of(numbers)).tolist() == numbers.tolist()
    assert classes_of(np.array([], dtype=object)).dtype == np.int64


def test_a_word_that_is_no_class_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"'road' is no edge class\. Use unclassified, local"):
        classes_of(np.array(["local", "road"], dtype=object))
