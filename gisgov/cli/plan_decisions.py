"""``gisgov plan``: plans previewed, published, ended, taken back, and what happens on their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import Function, emit, finish, json_option
from gisgov.cli.plan_decision_texts import in_effect, previewed, published
from gisgov.cli.progress import notice, progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import DefectsFound
from gisgov.services.days import local_day
from gisgov.services.plans import PlanInfo
from gisgov.services.publishing import (
    PlanEffect,
    PlanPreview,
    PlanPublication,
    preview_plan,
    publish_plan,
    retire_plan,
    withdraw_plan,
)
from gisgov.services.publishing import take_effect as let_take_effect

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def day(moment: datetime | None) -> date | None:
    """Return the day of an option; None stays None."""
    return None if moment is None else moment.date()


def _decided(command: Function) -> Function:
    """Give a command the options of a decision."""
    for option in (
        click.option("--decided", type=_DAY, metavar="DATE", help="Day of the decision."),
        click.option("--author", metavar="TEXT", help="Who made it."),
        click.option("--decision", metavar="TEXT", help="The decision that it rests on."),
    ):
        command = option(command)
    return command


def _terms(first: str) -> Callable[[Function], Function]:
    """Give a command the options that publishing and its preview have in common."""

    def given(command: Function) -> Function:
        for option in (
            click.option(
                "--over-newer",
                is_flag=True,
                help="Publish it although it undoes what a newer plan than its base changed.",
            ),
            click.option(
                "--keep-codes",
                is_flag=True,
                help="Keep codes that were in force for other ground; by default such areas get new ones.",
            ),
            click.option(
                "--accept-defects",
                metavar="REASON",
                help="Publish it although it has defects; the reason is recorded with their counts.",
            ),
            click.option("--corrects", metavar="PLAN", help="The published plan that it takes the place of."),
            click.option(
                "--to",
                "valid_to",
                type=_DAY,
                metavar="DATE",
                help="First day no longer in force; open-ended.",
            ),
            click.option(
                "--from",
                "valid_from",
                type=_DAY,
                required=first != "today",
                metavar="DATE",
                help="First day in force." + ("  [default: today]" if first == "today" else ""),
            ),
        ):
            command = option(command)
        return command

    return given


@click.command
@click.argument("name")
@_terms("required")
@click.option("--reason", metavar="TEXT", help="Why it corrects that plan.")
@_decided
@json_option(PlanPublication)
def publish(
    name: str,
    valid_from: datetime,
    valid_to: datetime | None,
    corrects: str | None,
    accept_defects: str | None,
    keep_codes: bool,
    over_newer: bool,
    reason: str | None,
    decision: str | None,
    author: str | None,
    decided: datetime | None,
    as_json: bool,
) -> None:
    """Check a draft and put it into force, at once or on a day to come.

    Exit status 1 when it has defects and no reason was given to accept them. The open-ended plan of the
    same layer and scope ends on the day this one begins. On that day open events go to its areas. With
    --corrects a plan that has not begun never begins.
    """
    settings = load_settings()
    try:
        done = publish_plan(
            open_database(settings),
            name,
            valid_from=valid_from.date(),
            valid_to=day(valid_to),
            decision=decision,
            author=author,
            decided_on=day(decided),
            corrects=corrects,
            reason=reason,
            accept_defects=accept_defects,
            keep_codes=keep_codes,
            over_newer=over_newer,
            timezone=ZoneInfo(settings.timezone),
            progress=progress(),
        )
    except DefectsFound as refusal:
        notice(f"gisgov: {refusal}")
        finish(found=True)
        return
    emit(done, as_json=as_json, text=published)


@click.command
@click.argument("name")
@_terms("today")
@json_option(PlanPreview)
def preview(
    name: str,
    valid_from: datetime | None,
    valid_to: datetime | None,
    corrects: str | None,
    accept_defects: str | None,
    keep_codes: bool,
    over_newer: bool,
    as_json: bool,
) -> None:
    """Say exactly what publishing a draft will do, and change nothing.

    Exit status 1 when it would be refused. It is published and taken back inside one transaction.
    """
    settings = load_settings()
    told = preview_plan(
        open_database(settings),
        name,
        effective=day(valid_from),
        valid_to=day(valid_to),
        corrects=corrects,
        accept_defects=accept_defects,
        keep_codes=keep_codes,
        over_newer=over_newer,
        timezone=ZoneInfo(settings.timezone),
        progress=progress(),
    )
    emit(told, as_json=as_json, text=previewed)
    finish(found=bool(told.refusals))


@click.command
@click.argument("name")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is taken back.")
@click.option(
    "--from",
    "effective",
    type=_DAY,
    metavar="DATE",
    help="Day on which it ends.  [default: today, or its first day if that is still to come]",
)
@click.option("--as", "new_name", metavar="PLAN", help="Name of the plan that follows it.")
@_decided
@json_option(PlanPublication)
def withdraw(
    name: str,
    reason: str,
    effective: datetime | None,
    new_name: str | None,
    decision: str | None,
    author: str | None,
    decided: datetime | None,
    as_json: bool,
) -> None:
    """Take a published plan back: publish again what was in force before it.

    Nothing is deleted, and codes that the plan gave are not given again. A plan that has not begun never
    begins. To put a corrected draft in its place instead: `gisgov plan publish DRAFT --corrects PLAN`.
    """
    settings = load_settings()
    done = withdraw_plan(
        open_database(settings),
        name,
        reason=reason,
        effective=day(effective),
        new_name=new_name,
        decision=decision,
        author=author,
        decided_on=day(decided),
        timezone=ZoneInfo(settings.timezone),
        progress=progress(),
    )
    emit(done, as_json=as_json, text=published)


@click.command
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


@click.command("take-effect")
@json_option(tuple[PlanEffect, ...])
def take_effect(as_json: bool) -> None:
    """Let published plans take effect whose first day has come; a worker does so by itself.

    Where no worker runs, run it every day after midnight. Run again it does nothing.
    """
    settings = load_settings()
    today = local_day(None, ZoneInfo(settings.timezone))
    emit(let_take_effect(open_database(settings), today), as_json=as_json, text=in_effect)
