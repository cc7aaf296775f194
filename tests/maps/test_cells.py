import numpy as np

from maps.cells import cell, order_by
from maps.layers import Column


def test_values_are_written_as_a_page_writes_them() -> None:
    assert cell(Column("n", "", "number", [12345.678], digits=1), 0) == "12,345.7"
    assert cell(Column("year", "", "number", [1998.0], format="plain"), 0) == "1998"
    assert cell(Column("code", "", "code", [1, -1], values=("a", "b")), 0) == "b"
    assert cell(Column("code", "", "code", [1, -1], values=("a", "b")), 1) == ""
    assert cell(Column("text", "", "text", [None]), 0) == ""
    assert cell(Column("n", "", "number", [np.nan]), 0) == ""


def test_missing_values_come_last_both_ways() -> None:
    numbers = Column("n", "", "number", [np.nan, 1.0, 3.0])
    assert order_by(numbers, down=True).tolist() == [2, 1, 0]
    assert order_by(numbers, down=False).tolist() == [1, 2, 0]
    names = Column("n", "", "text", ["b", None, "a"])
    assert order_by(names, down=False).tolist() == [2, 0, 1]
    assert order_by(names, down=True).tolist() == [0, 2, 1]
