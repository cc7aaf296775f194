"""``gisgov plan``: plans listed, shown, written to files, published, retired and deleted."""

from __future__ import annotations

from datetime import date, datetime

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.plan_compare import compare
from gisgov.cli.plan_decisions import preview, publish, retire, take_effect, withdraw
from gisgov.cli.plan_files import annex, export
from gisgov.cli.session import open_database
from gisgov.services.defect_reports import counted
from gisgov.services.plans import PlanDetail, PlanInfo, delete_draft, list_plans, show_plan
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
@json_option(PlanInfo)
def delete(name: str, as_json: bool) -> None:
    """Delete a draft with its areas."""
    done = delete_draft(open_database(), name)
    emit(done, as_json=as_json, text=f"Draft {done.name} with {done.areas:,} areas is deleted.")


for _command in (export, annex):
    plan.add_command(_command)
for _decision in (publish, preview, retire, withdraw, take_effect):
    plan.add_command(_decision)
plan.add_command(compare)


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
        ("in force", _days(info)),
        ("areas", f"{info.areas:,}, {detail.area_m2 / 1e6:,.3f} km² in {detail.working_crs}"),
        ("blocks", f"{detail.blocks:,}" if detail.blocks else None),
        ("population", None if detail.population is None else f"{detail.population:,}"),
        ("households", None if detail.households is None else f"{detail.households:,}"),
        ("decision", info.decision),
        ("decided", info.decided_on),
        ("effect", _moment(info.took_effect_at)),
        ("corrects", f"{info.corrects}: {info.reason}" if info.corrects else None),
        ("based on", info.based_on),
        ("revision", info.revision or None),
        ("author", info.author),
        ("source", "; ".join(f"{key} {_source(value)}" for key, value in detail.source.items()) or None),
        ("defects", f"{counted(accepted['counts'])}: {accepted['reason']}" if accepted else None),
        ("coverage", _proof(detail.certificate)),
        ("sha256", detail.content_sha256),
        ("created", detail.created_at.isoformat(timespec="seconds")),
        ("published", _moment(detail.published_at)),
    ]
    return "\n".join(f"{name:<10}  {value}" for name, value in facts if value is not None)


def _days(info: PlanInfo) -> str | None:
    if info.valid_from is None:
        return None
    if info.valid_from == info.valid_to:
        return f"never: taken back before it began on {info.valid_from}"
    return f"from {info.valid_from} to {info.valid_to or 'open end'}"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


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
