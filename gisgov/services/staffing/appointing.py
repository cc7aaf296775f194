"""Use cases: appoint somebody to a post, name a deputy, change or end a post, remove one made by mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.governance.staffing import StaffingFormula
from gisgov.services.access import require_area
from gisgov.services.staffing.posts import StaffPostInfo, infos_of
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.staff import StaffPost, StoredPost

_PHONE: Final = re.compile(r"[+]?[0-9]+([ -][0-9]+)*")
_LONGEST: Final = 60
_PHONE_LENGTHS: Final = range(3, 25)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody who is to serve an area.

    Attributes
    ----------
    layer : str
        Name of the layer.
    area_code : str
        Code of the area, which is in force on the first day.
    role : str
        A role of the layer's formula, if it has one.
    holder : str
        Who.
    valid_from, valid_to : datetime.date or None
        First day in the post, first day no longer in it; None leaves it open.
    phone : str or None
        How they are reached.
    deputy_for : int or None
        The id of the post that they stand in for, if they are a deputy.
    """

    layer: str
    area_code: str
    role: str
    holder: str
    valid_from: date | None = None
    valid_to: date | None = None
    phone: str | None = None
    deputy_for: int | None = None


def appoint(database: Database, asked: Appointment, *, today: date) -> StaffPostInfo:
    """Fill a post of an area, or name a deputy of its holder.

    Parameters
    ----------
    database : Database
        Where the posts are.
    asked : Appointment
        Who is to serve where.
    today : datetime.date
        The day that an area must be in force on if no first day is given.

    Raises
    ------
    NotFoundError
        There is no such layer, post to stand in for, or area in force on the first day.
    InputError
        Dates, role, name or phone cannot be used.
    ConflictError
        The holder is in this post at that time already.
    NotAllowed
        The area is beyond the rights of whoever acts.
    """
    holder, phone = checked_name(asked.holder), checked_phone(asked.phone)
    check_dates(asked.valid_from, asked.valid_to)
    with database.begin() as connection:
        layer = find_layer(connection, asked.layer)
        _check_area(connection, layer, asked.area_code, asked.valid_from or today)
        check_role(layer, asked.role)
        require_area(connection, "staff.write", layer.name, asked.area_code)
        if asked.deputy_for is not None:
            _check_deputy(staff.find_post(connection, asked.deputy_for), asked, holder)
        post = StaffPost(
            asked.area_code, asked.role, holder, asked.valid_from, asked.valid_to, asked.deputy_for
        )
        made = staff.add_post(connection, layer.id, post)
        if phone is not None:
            staff.put_phones(connection, {made: phone})
        return infos_of(connection, [staff.find_post(connection, made)])[0]


def change_post(database: Database, post_id: int, changes: dict[str, Any]) -> StaffPostInfo:
    """Change who holds a post, its dates, or the phone.

    Parameters
    ----------
    database : Database
        Where the posts are.
    post_id : int
        The post, or the deputy.
    changes : dict
        What changes: ``holder``, ``valid_from``, ``valid_to``, ``phone``; None opens a date and takes a
        phone away. For another role or area, end the post and appoint anew.

    Raises
    ------
    NotFoundError
        There is no such post.
    InputError
        Dates, name or phone cannot be used.
    ConflictError
        The holder is in this post at that time already.
    NotAllowed
        The area is beyond the rights of whoever acts.
    """
    columns = {name: value for name, value in changes.items() if name != "phone"}
    if "holder" in columns:
        columns["holder"] = checked_name(columns["holder"])
    with database.begin() as connection:
        post = _reached(connection, post_id)
        dates = (columns.get("valid_from", post.valid_from), columns.get("valid_to", post.valid_to))
        check_dates(*dates)
        if columns:
            staff.change_posts(connection, {post.id: columns})
        if "phone" in changes:
            staff.put_phones(connection, {post.id: checked_phone(changes["phone"])})
        return infos_of(connection, [staff.find_post(connection, post_id)])[0]


def end_post(database: Database, post_id: int, *, on: date) -> StaffPostInfo:
    """End a post: ``on`` is the first day that its holder is no longer in it. Deputies stay, and act.

    Raises
    ------
    NotFoundError
        There is no such post.
    InputError
        It begins on that day, or later.
    ConflictError
        It ended before that day.
    NotAllowed
        The area is beyond the rights of whoever acts.
    """
    with database.begin() as connection:
        post = _reached(connection, post_id)
        if post.valid_to is not None and post.valid_to < on:
            raise ConflictError(f"Post {post_id} ended on {post.valid_to} already.", field="on")
        check_dates(post.valid_from, on, field="on")
        staff.change_posts(connection, {post.id: {"valid_to": on}})
        return infos_of(connection, [staff.find_post(connection, post_id)])[0]


def remove_post(database: Database, post_id: int) -> None:
    """Remove a post that was made by mistake, with its deputies; whoever leaves has theirs ended.

    Raises
    ------
    NotFoundError
        There is no such post.
    NotAllowed
        The area is beyond the rights of whoever acts.
    """
    with database.begin() as connection:
        staff.delete_post(connection, _reached(connection, post_id).id)


def _reached(connection: sa.Connection, post_id: int) -> StoredPost:
    post = staff.find_post(connection, post_id)
    require_area(connection, "staff.write", post.layer, post.area_code)
    return post


def checked_name(holder: str) -> str:
    """Return a name without blanks around it.

    Raises
    ------
    InputError
        It is empty, too long, or holds what no name does.
    """
    name = holder.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise InputError(
            f"{holder!r} is no name of 1 to {_LONGEST} letters.", hint="Write it in one line.", field="holder"
        )
    return name


def checked_phone(phone: str | None) -> str | None:
    """Return a phone without blanks around it; an empty one is none.

    Raises
    ------
    InputError
        It is no phone.
    """
    text = (phone or "").strip()
    if not text:
        return None
    if len(text) not in _PHONE_LENGTHS or not _PHONE.fullmatch(text):
        raise InputError(
            f"{text!r} is no phone.",
            hint="Write digits, parted by single blanks or hyphens: 0755-8888 0000 or +86 755 8888 0000.",
            field="phone",
        )
    return text


def check_dates(valid_from: date | None, valid_to: date | None, *, field: str = "valid_to") -> None:
    """Raise InputError for a post that ends before it begins."""
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise InputError(
            f"A post from {valid_from} cannot end on {valid_to}.",
            hint="The end is the first day that its holder is no longer in it.",
            field=field,
        )


def check_role(layer: StoredLayer, role: str) -> None:
    """Raise InputError for a role that the layer's formula does not name."""
    if layer.staffing is None:
        checked_role = role.strip()
        if not checked_role:
            raise InputError("The role is empty.", field="role")
        return
    roles = [term.role for term in StaffingFormula.parse(layer.staffing).terms]
    if role not in roles:
        raise InputError(
            f"{role!r} is no role of layer {layer.name}.",
            hint=f"Its formula has {', '.join(roles)}.",
            field="role",
        )


def _check_area(connection: sa.Connection, layer: StoredLayer, code: str, day: date) -> None:
    if not staff.areas_served(connection, layer.id, day=day, code=code):
        raise NotFoundError(
            f"No area {code!r} of layer {layer.name} is in force on {day}.",
            hint="Let the post begin when its area does.",
            field="area_code",
        )


def _check_deputy(post: StoredPost, asked: Appointment, holder: str) -> None:
    if (post.layer, post.area_code, post.role) != (asked.layer, asked.area_code, asked.role):
        raise InputError(
            f"Post {post.id} is {post.role} of {post.layer} {post.area_code}.",
            hint="A deputy has the role and the area of the one they stand in for.",
            field="deputy_for",
        )
    if post.deputy_for is not None:
        raise InputError(
            f"Post {post.id} is that of a deputy.", hint="A deputy has none.", field="deputy_for"
        )
    if post.holder == holder:
        raise InputError(f"{holder} cannot stand in for themselves.", field="deputy_for")
