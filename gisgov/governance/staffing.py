"""Who serves an area: staffing formulas such as ``1+1+N``, checkable against the posts that are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from gisgov.errors import ProfileError

_OR_DEPUTY = re.compile(r"\s*(?:[（(]或代理[）)]|\(or deputy\))$")

_TERM = re.compile(
    r"(?:(?P<exact>\d{1,3})|(?P<open>[A-Z])(?:\s*(?:≥|>=)\s*(?P<least>\d{1,3}))?)(?:\s+(?P<role>\S.*))?"
)


@dataclass(frozen=True, slots=True)
class StaffingTerm:
    """One role of a formula: exactly ``least`` posts, or ``least`` and more where it is an open letter.

    With ``or_deputy`` somebody who deputises for a holder that is gone counts as one; without, nobody does
    but holders.
    """

    role: str
    least: int
    letter: str | None = None
    or_deputy: bool = False

    @property
    def is_open(self) -> bool:
        """Whether more than ``least`` are as good."""
        return self.letter is not None

    def problem(self, filled: int) -> str | None:
        """Say what is wrong with ``filled`` posts of this role, or None."""
        if filled < self.least or (not self.is_open and filled > self.least):
            return f"{self.role}: needs {self.least}{' or more' if self.is_open else ''}, has {filled}"
        return None


@dataclass(frozen=True, slots=True)
class StaffingFormula:
    """The posts that each area of a layer should have.

    ``str()`` gives the long form, which holds everything and reads back to an equal formula.

    Examples
    --------
    >>> formula = StaffingFormula.parse("1+1+N", roles=("网格长", "专职网格员", "兼职网格员"))
    >>> str(formula)
    '1 网格长 + 1 专职网格员 + N≥0 兼职网格员'
    >>> formula.problems({"网格长": 1, "兼职网格员": 4})
    ('专职网格员: needs 1, has 0',)
    >>> StaffingFormula.parse("1 网格长（或代理）").terms[0].or_deputy
    True
    """

    terms: tuple[StaffingTerm, ...]

    @classmethod
    def parse(cls, text: str, *, roles: Sequence[str] = (), minimum: int = 0) -> Self:
        """Read a formula.

        Parameters
        ----------
        text : str
            Terms joined by ``+``: a number, a capital letter for any number (``N``), or a letter with its
            least number (``N≥2``, ``N>=2``). A term may name its role: ``1 网格长 + N≥2 兼职网格员``; a role
            that ends in ``（或代理）`` or ``(or deputy)`` is filled by deputies too.
        roles : sequence of str
            The role of each term, in order, when the text names none.
        minimum : int
            Least number that a bare letter stands for.

        Raises
        ------
        ProfileError
            A term cannot be read, a role is missing, named twice or left over, or no term asks for anybody.
        """
        found = [_parse_term(part.strip(), text) for part in text.split("+")]
        if roles and any(match["role"] for match in found):
            raise ProfileError(
                f"Staffing formula {text!r} names its roles and a list of roles is given too.",
                hint="Keep one of them.",
            )
        if roles and len(roles) != len(found):
            raise ProfileError(
                f"Staffing formula {text!r} has {len(found)} terms, but {len(roles)} roles are given."
            )
        given = roles or [match["role"] or "" for match in found]
        named = [_OR_DEPUTY.sub("", role) for role in given]
        if not all(named):
            raise ProfileError(
                f"Staffing formula {text!r} does not say which role each term counts.",
                hint="List the roles, or write them in: '1 网格长 + N 兼职网格员'.",
            )
        if len(set(named)) < len(named):
            raise ProfileError(f"Staffing formula {text!r} names a role twice.")
        terms = tuple(
            StaffingTerm(
                role,
                int(match["exact"] or match["least"] or minimum),
                match["open"],
                _OR_DEPUTY.search(one) is not None,
            )
            for role, one, match in zip(named, given, found, strict=True)
        )
        if not any(term.least or term.is_open for term in terms):
            raise ProfileError(f"Staffing formula {text!r} asks for nobody.")
        return cls(terms)

    def problems(self, posts_by_role: Mapping[str, int]) -> tuple[str, ...]:
        """Say in which roles an area's filled posts differ from the formula.

        Parameters
        ----------
        posts_by_role : mapping
            Number of filled posts per role; a role that is not there has none.

        Returns
        -------
        tuple of str
            One sentence per role at fault, those of the formula first, then the roles it does not name;
            empty when the posts fit.
        """
        faults = [term.problem(posts_by_role.get(term.role, 0)) for term in self.terms]
        named = {term.role for term in self.terms}
        strangers = [
            f"{role}: has {posts}, a role that the formula does not name"
            for role, posts in sorted(posts_by_role.items())
            if posts and role not in named
        ]
        return tuple(fault for fault in faults if fault) + tuple(strangers)

    @property
    def least_posts(self) -> int:
        """Posts that an area needs at least."""
        return sum(term.least for term in self.terms)

    @property
    def short(self) -> str:
        """The formula without its roles, as people write it: ``1+1+N``."""
        return "+".join(term.letter or str(term.least) for term in self.terms)

    def __str__(self) -> str:
        return " + ".join(
            (f"{term.letter}≥{term.least} " if term.is_open else f"{term.least} ")
            + (f"{term.role}（或代理）" if term.or_deputy else term.role)
            for term in self.terms
        )


def _parse_term(part: str, text: str) -> re.Match[str]:
    match = _TERM.fullmatch(part)
    if match is None:
        raise ProfileError(
            f"Staffing formula {text!r}: the term {part!r} is neither a number nor a letter such as N.",
            hint="Write '1+1+N', 'N≥2' or '1 网格长 + N 兼职网格员'.",
        )
    return match
