"""``gisgov staff``: who serves the areas of a layer, what is vacant, who comes and who leaves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.days import parse_day
from gisgov.services.staffing.appointing import Appointment, appoint, end_post
from gisgov.services.staffing.figures import layer_posts, posts_table
from gisgov.services.staffing.posts import StaffPostInfo, list_posts
from gisgov.services.staffing.vacancies import AreaVacancies, PostGap, Vacancies, list_vacancies
from gisgov.services.statistics.figure_tables import refuse_unwritable

_AT = click.option("--at", metavar="DATE", help="The day asked about; today by default.")


@click.group
def staff() -> None:
    """List staff posts and vacancies, appoint people and end posts."""


@staff.command("list")
@click.argument("layer")
@click.option("--area", metavar="CODE", help="One area alone.")
@_AT
@json_option(tuple[StaffPostInfo, ...])
def list_(layer: str, area: str | None, at: str | None, as_json: bool) -> None:
    """List who serves the areas of LAYER on a day, with their deputies."""
    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    found = list_posts(open_database(settings), layer, at=day, area=area)
    emit(found, as_json=as_json, text=_listed)


@staff.command
@click.argument("layer")
@click.option("--out", type=FILE, metavar="FILE", help="Write the posts of all areas too: .csv or .xlsx.")
@click.option("--english", is_flag=True, help="English headings in the file.  [default: Chinese]")
@_AT
@json_option(Vacancies)
def vacancies(layer: str, out: Path | None, english: bool, at: str | None, as_json: bool) -> None:
    """Hold the posts of all areas of LAYER on a day against its staffing formula.

    Vacancies are an answer and no failure: the exit status is 0 with and without them.
    """
    if out is not None:
        refuse_unwritable(out)
    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    database = open_database(settings)
    found = list_vacancies(database, layer, at=day)
    if out is not None:
        posts_table(layer_posts(database, layer, at=day), "en" if english else "zh").write(out)
    emit(found, as_json=as_json, text=_vacant)


@staff.command("appoint")
@click.argument("layer")
@click.argument("area")
@click.argument("role")
@click.argument("holder")
@click.option("--from", "valid_from", metavar="DATE", help="First day in the post; open by default.")
@click.option("--to", "valid_to", metavar="DATE", help="First day no longer in it; open by default.")
@click.option("--phone", metavar="NUMBER", help="How they are reached.")
@click.option(
    "--deputy-for", type=int, metavar="ID", help="The post that they stand in for, as a deputy of its holder."
)
@json_option(StaffPostInfo)
def appoint_(
    layer: str,
    area: str,
    role: str,
    holder: str,
    valid_from: str | None,
    valid_to: str | None,
    phone: str | None,
    deputy_for: int | None,
    as_json: bool,
) -> None:
    """Let HOLDER serve in a ROLE of AREA (its code) of LAYER, or stand in for whoever does."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    since, until = (None if text is None else parse_day(text, zone) for text in (valid_from, valid_to))
    asked = Appointment(layer, area, role, holder, since, until, phone, deputy_for)
    made = appoint(open_database(settings), asked, today=parse_day(None, zone))
    emit(made, as_json=as_json, text=_told)


@staff.command
@click.argument("post", type=int)
@click.option("--on", metavar="DATE", help="First day no longer in the post; today by default.")
@json_option(StaffPostInfo)
def end(post: int, on: str | None, as_json: bool) -> None:
    """End a POST, given by the id that `gisgov staff list` shows. Deputies stay, and act."""
    settings = load_settings()
    day = parse_day(on, ZoneInfo(settings.timezone), field="on")
    emit(end_post(open_database(settings), post, on=day), as_json=as_json, text=_told)


def _listed(found: tuple[StaffPostInfo, ...]) -> str:
    if not found:
        return "Nobody serves there on that day."
    rows = [
        (
            str(one.id),
            one.area_code,
            one.role,
            one.holder,
            _span(one.valid_from, one.valid_to),
            None if one.deputy_for is None else str(one.deputy_for),
            one.phone,
        )
        for one in found
    ]
    return table(("id", "area", "role", "holder", "serves", "deputy for", "phone"), rows)


def _told(post: StaffPostInfo) -> str:
    deputy = "" if post.deputy_for is None else f", deputy for post {post.deputy_for}"
    days = _span(post.valid_from, post.valid_to)
    return f"Post {post.id}: {post.holder}, {post.role} of {post.layer} {post.area_code}{deputy}, {days}."


def _vacant(found: Vacancies) -> str:
    lines = [
        f"{found.layer} on {found.at}: {found.formula}",
        (
            f"{found.areas:,} areas, {found.areas_short:,} with a vacancy; "
            f"{found.missing:,} of {found.needed:,} posts vacant{_filled(found)}, "
            f"{found.surplus:,} beyond the formula."
        ),
    ]
    if found.elsewhere:
        lines.append(f"{found.elsewhere:,} posts are of areas that are not in force.")
    totals = [(one.role, one.least, one.filled, one.missing, one.surplus) for one in found.roles]
    lines += ["", table(("role", "needed", "filled", "vacant", "beyond"), totals)]
    if found.found:
        rows = [(one.code, one.name, _faults(one), _gaps(one.gaps)) for one in found.found]
        lines += ["", table(("area", "name", "on the day", "vacant"), rows)]
    return "\n".join(lines)


def _filled(found: Vacancies) -> str:
    return "" if found.filled_share is None else f" ({found.filled_share:.1%} filled)"


def _faults(area: AreaVacancies) -> str | None:
    faults = [
        f"{one.role} {f'-{one.missing}' if one.missing else f'+{one.surplus}'}"
        + (f" ({one.acting} acting)" if one.acting else "")
        for one in area.roles
    ]
    return ", ".join(faults) or None


def _gaps(gaps: tuple[PostGap, ...]) -> str | None:
    return ", ".join(f"{gap.role} {_span(gap.valid_from, gap.valid_to)}" for gap in gaps) or None


def _span(valid_from: date | None, valid_to: date | None) -> str:
    begin = "" if valid_from is None else f"from {valid_from}"
    end = "" if valid_to is None else f"until {valid_to}"
    return " ".join(filter(None, (begin, end))) or "open"
