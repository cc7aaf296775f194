"""What lies along the borders of blocks as people meet it: stored words and titles."""

from __future__ import annotations

import numpy as np

from gisgov.errors import InputError
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.fields import listed
from gisgov.governance.titles import Titled
from gisgov.types import Ints, Texts


class EdgeTitle(Titled):
    """Edge classes, in the order of their numbers (`gisgov.geometry.edge_classes.EdgeClass`)."""

    UNCLASSIFIED = "unclassified", "未分类", "Unclassified"
    LOCAL = "local", "支路", "Local road"
    COLLECTOR = "collector", "次干路", "Collector road"
    ARTERIAL = "arterial", "主干路", "Arterial road"
    WATER = "water", "水系", "Water"
    RAIL = "rail", "铁路", "Railway"
    ADMINISTRATIVE = "administrative", "行政界线", "Administrative border"

    @property
    def edge_class(self) -> EdgeClass:
        """Its number in arrays."""
        return EdgeClass[self.name]


_WORDS: Texts = np.array([word.value for word in EdgeTitle], dtype=object)


def words_of(edge_class: Ints) -> Texts:
    """Give edge classes by their stored words.

    Parameters
    ----------
    edge_class : numpy.ndarray of int, shape (n,)
        Values of `EdgeClass`.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        Words of `EdgeTitle`.

    Examples
    --------
    >>> words_of(np.array([EdgeClass.LOCAL, EdgeClass.WATER])).tolist()
    ['local', 'water']
    """
    found: Texts = _WORDS[edge_class]
    return found


def classes_of(words: Texts) -> Ints:
    """Read edge classes from their stored words.

    Parameters
    ----------
    words : numpy.ndarray of str, shape (n,)
        Words of `EdgeTitle`.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Values of `EdgeClass`.

    Raises
    ------
    InputError
        A word is none of them.

    Examples
    --------
    >>> classes_of(np.array(["rail", "unclassified"], dtype=object)).tolist()
    [5, 0]
    """
    numbers = {word: number for number, word in enumerate(_WORDS)}
    for word in words:
        if word not in numbers:
            raise InputError(f"{word!r} is no edge class.", hint=f"Use {listed(list(numbers))}.")
    return np.array([numbers[word] for word in words], dtype=np.int64)
