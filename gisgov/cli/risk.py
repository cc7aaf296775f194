"""``gisgov risk``: rules for the risk of buildings, and the ratings they give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import InputError
from gisgov.paths import add_rooms
from gisgov.services.days import parse_day
from gisgov.services.risk import RatingReport, rate_buildings
from gisgov.services.risk_rules import RulesInfo, adopt_rules, list_rules
from gisgov.services.risk_summary import AreaRisk, RiskSummary, risk_summary

if TYPE_CHECKING:
    from gisgov.governance.risk import RiskRules

_SHOWN = 15
_CLASSES = ("warning", "general", "safe", "unclassified")


@dataclass(frozen=True, slots=True)
class RulesAnswer:
    """Answer of ``gisgov risk rules``.

    Attributes
    ----------
    adopted : tuple of RulesInfo
        All rules that were adopted, those in use first.
    read : str or None
        Version of the rules of the file, or of the example, where one was named.
    is_new : bool
        Whether this command adopted them.
    """

    adopted: tuple[RulesInfo, ...]
    read: str | None
    is_new: bool


@click.group
def risk() -> None:
    """Rate buildings by the risk rules."""


@risk.command
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--example", is_flag=True, help="Take the example rules that gisgov ships.")
@click.option("--adopt", is_flag=True, help="Bring the rules of FILE, or the example, into use.")
@json_option(RulesAnswer)
def rules(file: Path | None, example: bool, adopt: bool, as_json: bool) -> None:
    """List the adopted risk rules, check those of a file, or adopt them.

    FILE is YAML or TOML; fixtures/risk_rules.yaml shows every key. Adopted rules are kept under their
    version for good: changed rules need a version of their own.
    """
    read = _read(file, example=example)
    if adopt and read is None:
        raise InputError("There are no rules to adopt.", hint="Name a FILE, or give --example.")
    database = open_database()
    is_new = adopt_rules(database, read).is_new if adopt and read is not None else False
    answer = RulesAnswer(list_rules(database), read.version if read else None, is_new)
    emit(answer, as_json=as_json, text=_describe_rules)


@risk.command
@click.option("--version", metavar="VERSION", help="Rules to rate by.  [default: the latest adopted]")
@json_option(RatingReport)
def rate(version: str | None, as_json: bool) -> None:
    """Rate all buildings, and say which classes changed."""
    report = rate_buildings(open_database(), version, progress=progress())
    emit(report, as_json=as_json, text=_describe_rating)


@risk.command
@click.option("--layer", metavar="NAME", help="Layer to count by.  [default: the lowest in force]")
@click.option("--at", metavar="DATE", help="Day whose plans are asked.  [default: today]")
@click.option("--all", "everything", is_flag=True, help="Print every area, not the first fifteen.")
@json_option(RiskSummary)
def summary(layer: str | None, at: str | None, everything: bool, as_json: bool) -> None:
    """Count the buildings of each area by class, the most warnings first."""
    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    answer = risk_summary(open_database(settings), layer=layer, at=day)
    emit(answer, as_json=as_json, text=lambda found: _describe_summary(found, None if everything else _SHOWN))


def _read(file: Path | None, *, example: bool) -> RiskRules | None:
    if file is not None and example:
        raise InputError("FILE and --example are two sets of rules.", hint="Name one of them.")
    if file is None and not example:
        return None
    add_rooms()
    from fixtures.shipped import risk_rules

    return risk_rules(file)


def _describe_rules(answer: RulesAnswer) -> str:
    lines = []
    if answer.read is not None:
        done = "adopted" if answer.is_new else "sound"
        if not answer.is_new and any(one.version == answer.read for one in answer.adopted):
            done = "sound, and adopted already under this version"
        lines += [f"rules {answer.read}: {done}", ""]
    if not answer.adopted:
        return "\n".join([*lines, "No risk rules were adopted yet."])
    rows = [
        (
            one.version,
            f"{one.adopted_at:%Y-%m-%d %H:%M}",
            one.buildings,
            "example" if one.is_example else "",
            one.title_zh,
        )
        for one in answer.adopted
    ]
    return "\n".join([*lines, table(["version", "adopted", "buildings", "", "title"], rows)])


def _describe_rating(report: RatingReport) -> str:
    example = " (an example that nobody has decided on)" if report.is_example else ""
    written = f"{report.written:,}"
    lines = [
        f"{report.buildings:,} buildings rated by rules {report.version}{example}, {written} written",
        "",
        table(
            ["class", "buildings", "share"],
            [_share_row(name, report.counts, report.buildings) for name in _CLASSES],
        ),
    ]
    if report.changes:
        rows = [(one.before or "never rated", one.after, one.buildings) for one in report.changes]
        lines += ["", table(["from", "to", "buildings"], rows)]
    lines += [
        f"\n{one.fact}: {one.message} ({one.buildings:,} buildings; the first is {one.first})"
        for one in report.problems
    ]
    return "\n".join(lines)


def _describe_summary(found: RiskSummary, most: int | None) -> str:
    total = found.total
    lines = [
        f"{total.buildings:,} buildings, by layer {found.layer} on {found.at}",
        "",
        table(
            ["class", "buildings", "share"],
            [_share_row(name, total.counts, total.buildings) for name in _CLASSES],
        ),
        "",
        table(
            ["code", "name", "buildings", "warning", "share"],
            [_area_row(area) for area in found.areas[:most]],
        ),
    ]
    if most is not None and len(found.areas) > most:
        lines.append(f"… and {len(found.areas) - most:,} more: --all")
    if found.never_rated:
        lines += ["", f"{found.never_rated:,} buildings were never rated: gisgov risk rate"]
    return "\n".join(lines)


def _share_row(name: str, counts: dict[str, int], total: int) -> tuple[str, int, str]:
    return name, counts[name], f"{counts[name] / total:.1%}" if total else "-"


def _area_row(area: AreaRisk) -> tuple[str, str | None, int, int, str]:
    share = "-" if area.warning_share is None else f"{area.warning_share:.1%}"
    return area.code or "(no area)", area.name, area.buildings, area.counts["warning"], share
