"""Who may see tiles of what, and which tiles there are."""

from __future__ import annotations

from gisgov.errors import InputError, NotAllowed, NotSignedIn
from gisgov.governance.access import Actor, ActorKind, rights_table
from gisgov.services.tiles.kinds import TileKind
from gisgov.tiles import MAX_ZOOM


def may(actor: Actor, kind: TileKind) -> bool:
    """Whether an actor may see tiles of a kind at all."""
    return actor.may(rights_table().rights[kind.right])


def admit(actor: Actor, kind: TileKind) -> None:
    """Refuse tiles of a kind to who has no right to them.

    Raises
    ------
    NotSignedIn
        They are for accounts, and nobody in particular asks.
    NotAllowed
        The account has no right to them.
    """
    if may(actor, kind):
        return
    told = f"Tiles of {kind.subject}"
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotSignedIn(
            f"{told} are for accounts.", hint="Sign in, or send a key: `Authorization: Bearer …`."
        )
    raise NotAllowed(f"{actor.name} has no right to tiles of {kind.subject}: they take {kind.right}.")


def is_place(z: int, x: int, y: int) -> bool:
    """Whether there is such a tile."""
    return 0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def check_place(z: int, x: int, y: int) -> None:
    """Refuse a tile that no zoom has.

    Raises
    ------
    InputError
        The zoom is not one of 0 to 22, or the tile lies beyond the edge of the world.
    """
    if not 0 <= z <= MAX_ZOOM:
        raise InputError(f"There is no zoom {z}.", hint=f"Zooms go from 0 to {MAX_ZOOM}.", field="z")
    for field, value in (("x", x), ("y", y)):
        if not 0 <= value < 1 << z:
            raise InputError(
                f"At zoom {z} there is no tile of {field} {value}.",
                hint=f"It goes from 0 to {(1 << z) - 1}.",
                field=field,
            )
