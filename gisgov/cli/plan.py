"""``gisgov plan``: plans listed, shown, written to files, published, retired and deleted."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, finish, json_option, table
from gisgov.cli.plan_files import export
from gisgov.cli.progress import notice, progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import DefectsFound
from gisgov.services.defect_reports import counted
from gisgov.services.joining import LayerJoin
from gisgov.services.plans import PlanDetail, PlanInfo, delete_draft, list_plans, show_plan
from gisgov.services.publishing import PlanPublication, publish_plan, retire_plan
from gisgov.types import Json

_LISTED = 8
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group
def plan() -> None:
    """List, show and publish plans."""


@plan.command("list")
@click.option("--layer", metavar="NAME", help="Only plans of this layer.")
@click.option("--at", type=_DAY, metavar="DATE", help="Only plans in force on this day.")
@json_option(tuple[PlanInfo, ...])
def list_(layer: str | None, at: datetime | None, as_json: bool) -> None:
    """List plans by layer, scope and time."""
    emit(list_plans(open_database(), layer=layer, at=_day(at)), as_json=as_json, text=_listed)


@plan.command
@click.argument("name")
@json_option(PlanDetail)
def show(name: str, as_json: bool) -> None:
    """Show one plan."""
    emit(show_plan(open_database(), name), as_json=as_json, text=_shown)


@plan.command
@click.argument("name")
@click.option("--from", "valid_from", type=_DAY, required=True, metavar="DATE", help="First day in force.")
@click.option("--to", "valid_to", type=_DAY, metavar="DATE", help="First day no longer in force; open-ended.")
@click.option("--decision", metavar="TEXT", help="The decision that it rests on.")
@click.option("--author", metavar="TEXT", help="Who made it.")
@click.option(
    "--accept-defects",
    metavar="REASON",
    help="Publish it although it has defects; the reason is recorded with their counts.",
)
@json_option(PlanPublication)
def publish(
    name: str,
    valid_from: datetime,
    valid_to: datetime | None,
    decision: str | None,
    author: str | None,
    accept_defects: str | None,
    as_json: bool,
) -> None:
    """Check a draft and put it into force.

    Exit status 1 when it has defects and no reason was given to accept them. The open-ended plan of the
    same layer and scope ends on the day this one begins.
    """
    settings = load_settings()
    try:
        done = publish_plan(
            open_database(settings),
            name,
            valid_from=valid_from.date(),
            valid_to=_day(valid_to),
            decision=decision,
            author=author,
            accept_defects=accept_defects,
            timezone=ZoneInfo(settings.timezone),
            progress=progress(),
        )
    except DefectsFound as refusal:
        notice(f"gisgov: {refusal}")
        finish(found=True)
        return
    emit(done, as_json=as_json, text=_published)


@plan.command
@click.argument("name")
@click.option(
    "--to", "valid_to", type=_DAY, required=True, metavar="DATE", help="First day no longer in force."
)
@json_option(PlanInfo)
def retire(name: str, valid_to: datetime, as_json: bool) -> None:
    """End the validity of a published plan without another to follow it."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    done = retire_plan(open_database(settings), name, valid_to=valid_to.date(), timezone=zone)
    emit(done, as_json=as_json, text=f"Plan {done.name} is in force until {done.valid_to}.")


@plan.command
@click.argument("name")
@json_option(PlanInfo)
def delete(name: str, as_json: bool) -> None:
    """Delete a draft with its areas."""
    done = delete_draft(open_database(), name)
    emit(done, as_json=as_json, text=f"Draft {done.name} with {done.areas:,} areas is deleted.")


plan.add_command(export)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _listed(found: tuple[PlanInfo, ...]) -> str:
    if not found:
        return "There are no such plans."
    rows = [
        (one.layer, one.name, one.scope_code or "all", one.status, one.valid_from, one.valid_to, one.areas)
        for one in found
    ]
    return table(("layer", "plan", "scope", "status", "from", "to", "areas"), rows)


def _shown(detail: PlanDetail) -> str:
    info = detail.plan
    accepted = detail.accepted_defects
    facts = [
        ("plan", info.name),
        ("layer", f"{info.layer}  {detail.layer_title_zh}  {detail.layer_title_en}"),
        ("scope", info.scope_code or "all of the layer"),
        ("status", info.status),
        ("in force", f"from {info.valid_from} to {info.valid_to or 'open end'}" if info.valid_from else None),
        ("areas", f"{info.areas:,}, {detail.area_m2 / 1e6:,.3f} km² in {detail.working_crs}"),
        ("blocks", f"{detail.blocks:,}" if detail.blocks else None),
        ("population", None if detail.population is None else f"{detail.population:,}"),
        ("households", None if detail.households is None else f"{detail.households:,}"),
        ("decision", info.decision),
        ("author", info.author),
        ("source", "; ".join(f"{key} {_source(value)}" for key, value in detail.source.items()) or None),
        ("defects", f"{counted(accepted['counts'])}: {accepted['reason']}" if accepted else None),
        ("coverage", _proof(detail.certificate)),
        ("sha256", detail.content_sha256),
        ("created", detail.created_at.isoformat(timespec="seconds")),
        ("published", detail.published_at and detail.published_at.isoformat(timespec="seconds")),
    ]
    return "\n".join(f"{name:<10}  {value}" for name, value in facts if value is not None)


def _proof(certificate: Json | None) -> str | None:
    if certificate is None:
        return None
    figure = f" ({certificate['figure']})" if certificate["figure"] else ""
    return f"{certificate['proof']}{figure}"


def _source(value: object) -> str:
    """Say a piece of provenance in words: lists item by item until they get long, records field by field."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_source(inner)}" for key, inner in value.items())
    if not isinstance(value, list):
        return str(value)
    more = [f"and {len(value) - _LISTED:,} more: --json has them all"] if len(value) > _LISTED else []
    return " | ".join([*map(_source, value[:_LISTED]), *more])


def _published(done: PlanPublication) -> str:
    info = done.plan
    days = f"from {info.valid_from} to {info.valid_to or 'open end'}"
    lines = [f"Plan {info.name} ({info.areas:,} areas) is in force {days}."]
    if done.replaced:
        lines.append(f"Plan {done.replaced} ends on that day.")
    if done.accepted_because:
        lines.append(f"Accepted with {counted(done.defects)}: {done.accepted_because}")
    lines.append(f"Coverage: {done.proof}.")
    for what, join in (("events", done.events), ("buildings", done.buildings)):
        if join is not None and join.joined + join.orphans:
            lines.append(_joined(what, join))
    return "\n".join(lines)


def _joined(what: str, join: LayerJoin) -> str:
    return (
        f"{join.joined:,} {what} found their area ({join.on_border:,} on a border), "
        f"{join.orphans:,} lie in none."
    )
