"""``gisgov risk``: rules proposed, previewed, put in force, listed, shown and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option
from gisgov.cli.progress import progress
from gisgov.cli.risk_texts import (
    describe_adopted,
    describe_detail,
    describe_differences,
    describe_preview,
    describe_proposed,
    describe_rules,
)
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import InputError
from gisgov.paths import add_rooms
from gisgov.services.days import parse_day
from gisgov.services.following_risk import link_new_events
from gisgov.services.rating import (
    RatingPreview,
    RulesCompared,
    RulesDetail,
    RulesInfo,
    RulesInForce,
    RulesProposed,
    compare_versions,
    list_rules,
    preview_rules,
    propose_rules,
    put_in_force,
    show_rules,
)

if TYPE_CHECKING:
    from gisgov.governance.risk import RiskRules

_FILES: Final = (".yaml", ".yml", ".toml", ".xlsx")
_EXAMPLE = click.option("--example", is_flag=True, help="Take the example rules that gisgov ships.")


@dataclass(frozen=True, slots=True)
class RulesList:
    """Answer of ``gisgov risk rules``.

    Attributes
    ----------
    rules : tuple of RulesInfo
        Those in force first, then those that were, then those proposed.
    """

    rules: tuple[RulesInfo, ...]


@click.command
@click.argument("file", type=FILE, required=False)
@_EXAMPLE
@json_option(RulesProposed)
def propose(file: Path | None, example: bool, as_json: bool) -> None:
    """Check the risk rules of FILE and keep them as proposed.

    FILE is YAML, TOML or a workbook (.xlsx); fixtures/risk_rules.yaml shows every key, and `gisgov risk show
    --out` writes either. Rules are kept under their version for good: changed rules need a version of their
    own. Buildings are rated by them once they are put in force.
    """
    if (file is None) != example:
        raise InputError("One set of rules is proposed.", hint="Name a FILE, or give --example.")
    answer = propose_rules(open_database(), _read(file))
    emit(answer, as_json=as_json, text=describe_proposed)


@click.command
@click.argument("rules", metavar="VERSION|FILE", required=False)
@_EXAMPLE
@click.option("--layer", metavar="NAME", help="Layer to count by.  [default: the lowest in force]")
@click.option(
    "--shown",
    type=click.IntRange(min=0, max=10_000),
    default=20,
    metavar="N",
    help="How many buildings that change are named.  [default: 20]",
)
@json_option(RatingPreview)
def preview(rules: str | None, example: bool, layer: str | None, shown: int, as_json: bool) -> None:
    """Say what rules would change before they are put in force; nothing is written.

    VERSION is one on record; a FILE need not be. A name that ends in .yaml, .yml, .toml or .xlsx is a file.
    """
    if (rules is None) != example:
        raise InputError("One set of rules is previewed.", hint="Name a VERSION or FILE, or give --example.")
    asked: RiskRules | str
    if rules is None or Path(rules).suffix.lower() in _FILES:
        asked = _read(None if rules is None else Path(rules))
    else:
        asked = rules
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    answer = preview_rules(
        open_database(settings),
        asked,
        today=parse_day(None, zone),
        timezone=zone,
        layer=layer,
        shown=shown,
        progress=progress(),
    )
    emit(answer, as_json=as_json, text=describe_preview)


@click.command("put-in-force")
@click.argument("version")
@click.option("--reason", required=True, metavar="WORDS", help="The decision that they rest on.")
@json_option(RulesInForce)
def put_in_force_(version: str, reason: str, as_json: bool) -> None:
    """Put the rules of VERSION in force, and rate all buildings by them in the same transaction."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    database = open_database(settings)
    link_new_events(database, within_m=settings.event_building_m)  # a worker may not have come to it
    answer = put_in_force(
        database,
        version,
        reason=reason,
        today=parse_day(None, zone),
        timezone=zone,
        progress=progress(),
    )
    emit(answer, as_json=as_json, text=describe_adopted)


@click.command
@json_option(RulesList)
def rules(as_json: bool) -> None:
    """List the risk rules on record: in force, former and proposed."""
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    answer = RulesList(list_rules(open_database(settings)))
    emit(answer, as_json=as_json, text=lambda one: describe_rules(one.rules, zone))


@click.command
@click.argument("version", required=False)
@_EXAMPLE
@click.option(
    "--out", type=FILE, metavar="FILE", help="Write them to FILE: YAML, or a workbook by its suffix .xlsx."
)
@json_option(RulesDetail)
def show(version: str | None, example: bool, out: Path | None, as_json: bool) -> None:
    """Show the risk rules of VERSION, be they proposed; by default those in force."""
    if example and (version is not None or out is None):
        raise InputError("The example is not on record.", hint="Write it to a file: --example --out FILE.")
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    detail = None if example else show_rules(open_database(settings), version)
    if out is not None:
        add_rooms()
        from fixtures.risk_documents import write_rules
        from gisgov.governance.risk import parse_rules

        write_rules(out, _read(None) if detail is None else parse_rules(detail.definition))
    if detail is None:
        click.echo(f"{out} written.")
        return
    text = f"{out} written."
    emit(detail, as_json=as_json, text=text if out is not None else lambda one: describe_detail(one, zone))


@click.command
@click.argument("before")
@click.argument("after")
@json_option(RulesCompared)
def diff(before: str, after: str, as_json: bool) -> None:
    """Say what version AFTER of the risk rules says otherwise than BEFORE."""
    emit(compare_versions(open_database(), before, after), as_json=as_json, text=describe_differences)


def _read(file: Path | None) -> RiskRules:
    add_rooms()
    from fixtures.shipped import risk_rules

    return risk_rules(file)


COMMANDS: Final = (propose, preview, put_in_force_, rules, show, diff)
"""The commands of the group that are about rules."""
