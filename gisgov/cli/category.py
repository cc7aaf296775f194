"""``gisgov category``: the items of the register, and what is decided about them."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.governance.register import Permit, PermitAct
from gisgov.services.days import parse_day
from gisgov.services.registers.classifying import EventsClassified, classify
from gisgov.services.registers.listing import list_categories, list_departments, show_category
from gisgov.services.registers.permitting import give_permits
from gisgov.services.registers.reports import (
    CategoryHistory,
    CategoryInfo,
    DepartmentInfo,
    PermitDecision,
    PermitEntry,
    PermitsGiven,
)

_PERMITS: Final = [one.value for one in Permit]


@click.group
def category() -> None:
    """List the items of the register and the departments, and decide about items."""


@category.command("list")
@click.option("--at", metavar="DATE", help="The day asked about; today by default.")
@click.option("--function", metavar="NAME", help="Of this function alone.")
@click.option(
    "--permit",
    type=click.Choice([one.value for one in Permit]),
    help="All versions that stand there.",
)
@json_option(tuple[CategoryInfo, ...])
def list_(at: str | None, function: str | None, permit: str | None, as_json: bool) -> None:
    """List the items in force on a day, or those that wait for a decision."""
    settings = load_settings()
    found = list_categories(
        open_database(settings),
        at=parse_day(at, ZoneInfo(settings.timezone)),
        permit=None if permit is None else Permit(permit),
        function=function,
        is_dated=at is not None,
    )
    emit(found, as_json=as_json, text=_listed)


@category.command
@click.argument("code")
@json_option(CategoryHistory)
def show(code: str, as_json: bool) -> None:
    """Show all versions of an item, and who decided what about them."""
    emit(show_category(open_database(), code), as_json=as_json, text=_shown)


@category.command
@click.argument("act", type=click.Choice([one.value for one in PermitAct]))
@click.argument("codes", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All items that wait for it.")
@click.option("--source", metavar="WORDS", help="With --all: those that came from there alone.")
@click.option("--version", type=int, help="Which version of one item.  [default: the latest]")
@click.option("--from", "day", metavar="DATE", help="Of enforce and retire: the day.  [default: today]")
@click.option("--reason", metavar="WORDS", help="Why.")
@json_option(PermitsGiven)
def permit(
    act: str,
    codes: tuple[str, ...],
    everything: bool,
    source: str | None,
    version: int | None,
    day: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Decide about the items CODES: approve, refuse, enforce (put in force), retire and more.

    All of them are decided about, or none. What is put in force ends the version before it on the same day.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    asked = PermitDecision(
        act=PermitAct(act),
        codes=codes,
        version=version,
        all=everything,
        source=source,
        day=None if day is None else parse_day(day, zone),
        reason=reason,
    )
    given = give_permits(open_database(settings), asked, today=parse_day(None, zone), timezone=zone)
    emit(given, as_json=as_json, text=_given)


@category.command("classify")
@json_option(EventsClassified)
def classify_(as_json: bool) -> None:
    """Give events that have no item the one that they name; those that have one keep it."""
    settings = load_settings()
    done = classify(open_database(settings), timezone=ZoneInfo(settings.timezone))
    told = f"{done.classified:,} events classified, {done.left:,} left without an item."
    emit(done, as_json=as_json, text=told)


@category.command
@click.option("--at", metavar="DATE", help="The day whose items are counted; today by default.")
@json_option(tuple[DepartmentInfo, ...])
def departments(at: str | None, as_json: bool) -> None:
    """List the departments, with how many items each answers for."""
    settings = load_settings()
    found = list_departments(open_database(settings), at=parse_day(at, ZoneInfo(settings.timezone)))
    rows = [(one.code, one.title, one.title_en, one.categories) for one in found]
    told = table(["code", "title", "English", "items"], rows) if rows else "There are no departments yet."
    emit(found, as_json=as_json, text=told)


def _listed(found: tuple[CategoryInfo, ...]) -> str:
    if not found:
        return "There are none. `gisgov import categories FILE` proposes items, `--example` some to try it."
    rows = [
        (one.code, one.version, one.permit, one.level, one.kind, one.function, one.title, one.department)
        for one in found
    ]
    headings = ["code", "version", "permit", "level", "kind", "function", "title", "department"]
    examples = sum(one.is_example for one in found)
    told = f"\n\n{examples:,} of {len(found):,} are examples that nobody has decided on." if examples else ""
    return table(headings, rows) + told


def _shown(history: CategoryHistory) -> str:
    lines: list[str] = []
    for version in history.versions:
        one = version.category
        span = f", from {one.valid_from} to {one.valid_to or 'further notice'}" if one.valid_from else ""
        limits = "; ".join(f"{stage} {each['amount']:g} {each['unit']}" for stage, each in one.limits.items())
        lines += [
            f"{one.code} version {one.version}: {one.title}, {one.permit}{span}",
            f"  {one.function} / {one.group}, {one.kind}, level {one.level}, {one.department or 'nobody'}",
            f"  limits: {limits or 'those of the policy'}; source: {one.source}",
            *map(_decided, version.permits),
        ]
    return "\n".join(lines)


def _decided(entry: PermitEntry) -> str:
    why = f": {entry.reason}" if entry.reason else ""
    return f"  {entry.at:%Y-%m-%d %H:%M} {entry.permit} by {entry.by}{why}"


def _given(given: PermitsGiven) -> str:
    since = "" if given.day is None else f" from {given.day}"
    lines = [f"{given.act}: {len(given.categories):,} items{since}."]
    if given.closed:
        lines.append(f"{len(given.closed):,} former versions end that day.")
    if given.classified:
        lines.append(f"{given.classified:,} events that had no item have one now.")
    return "\n".join(lines)
