"""The posts of a day, read for many areas at once and kept until the staff changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gisgov.services.resolution import Post
from gisgov.services.staffing.serving import Key, serving_posts
from gisgov.store.database import Database

AT_ONCE = 5_000
"""Areas whose posts are read in one transaction."""


class DayPosts:
    """The posts of areas on a day, as far as they were read; keys are ``(layer id, code)``.

    Parameters
    ----------
    day : datetime.date
        The day.
    keys : iterable of tuple
        All areas that there are.
    """

    def __init__(self, day: date, keys: Iterable[Key]) -> None:
        self.day = day
        self._left = dict.fromkeys(keys)
        self._read: dict[Key, tuple[Post, ...]] = {}

    @property
    def is_whole(self) -> bool:
        """Whether the posts of all areas were read."""
        return not self._left

    def read_some(self, database: Database) -> None:
        """Read the posts of some thousand areas that are left.

        Parameters
        ----------
        database : Database
            The service's own: phones are read too, for whoever may see them.
        """
        keys = [key for key, _ in zip(self._left, range(AT_ONCE), strict=False)]
        with database.own.begin() as connection:
            found = serving_posts(connection, keys, day=self.day)
        self._read.update((key, found.get(key, ())) for key in keys)
        for key in keys:
            del self._left[key]

    def of_area(self, key: Key, *, phones: bool) -> tuple[Post, ...] | None:
        """Return the posts of an area, with phones or without; None where they were not read yet."""
        posts = self._read.get(key)
        return posts if phones or not posts else tuple(_without_phones(post) for post in posts)


def _without_phones(post: Post) -> Post:
    deputies = tuple(replace(one, phone=None) for one in post.deputies)
    return replace(post, phone=None, deputies=deputies)
