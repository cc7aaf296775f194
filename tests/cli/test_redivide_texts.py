"""What is told of a re-division beside its tables."""

from __future__ import annotations

from divisions import alternative, redivision

from gisgov.cli.redivide_texts import tell_redivision


def test_fewer_alternatives_than_were_asked_for_are_said() -> None:
    two = (alternative(1, "p-1"), alternative(2, "p-2"))
    assert "alternatives asked for" not in tell_redivision(redivision(*two))
    assert "2 of 5 alternatives asked for" in tell_redivision(redivision(*two, alternatives_asked=5))
