"""Figures that a re-division goes by where nobody says otherwise: data, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gisgov.governance.block_edges import EdgeTitle
from gisgov.governance.fields import Fields


@dataclass(frozen=True, slots=True)
class RedivisionPolicy:
    """What a re-division goes by.

    Parameters
    ----------
    source : str
        Where the figures come from, in words.
    targets : mapping of str to float
        What an area that were all of an attribute would have of it; taken where a weight is given alone.
    border_prices : mapping of str to float
        What a metre of border between areas costs along each edge class, by its word: 1 where nothing is
        known of it, less where areas should be divided.
    """

    source: str
    targets: Mapping[str, float]
    border_prices: Mapping[str, float]


def parse_policy(mapping: object, where: str) -> RedivisionPolicy:
    """Read the figures of a re-division.

    Parameters
    ----------
    mapping : object
        The document, with the keys of ``fixtures/redivision.yaml``.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.
    """
    fields = Fields(mapping, where)
    source = fields.text("source")
    asked, prices = fields.inner("targets"), fields.inner("border_prices")
    policy = RedivisionPolicy(
        source,
        {name: asked.number(name, least=1e-9) for name in asked.names()},
        {one.value: prices.number(one.value, least=0) for one in EdgeTitle},
    )
    for inner in (prices, fields):
        inner.done()
    return policy
