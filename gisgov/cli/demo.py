"""``gisgov demo``: generate a district, run the whole path on it, show and serve the result."""

from __future__ import annotations

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich import box
from rich.console import Console
from rich.table import Table

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.preparing import prepare_tiles
from gisgov.cli.progress import notice, progress
from gisgov.cli.resolve import describe
from gisgov.cli.serve import base_url, check_free, log_notices, loopback_of, run_service
from gisgov.cli.session import load_settings, open_database
from gisgov.demo.report import DemoReport, PointSummary, Spread
from gisgov.paths import web_assets
from gisgov.work.place import index_place


@click.command
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="NUMBER", help="Another number, another district."
)
@click.option(
    "--scale",
    type=click.FloatRange(0.01, 2),
    default=1.0,
    show_default=True,
    help="Size of the district; 1 is 155 km² with 1.33 million people.",
)
@click.option(
    "--serve/--no-serve",
    "serving",
    default=True,
    envvar="SERVE",
    help="Serve the pages when done (SERVE=0 in the environment: do not).",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.  [default: 8000]")
@json_option(DemoReport)
def demo(seed: int | None, scale: float, serving: bool, port: int | None, as_json: bool) -> None:
    """Generate a district and run the whole path on it; run again, it changes nothing.

    The district, its people, events and staff are made up. Maps go to `out/`, the district's files to
    `out/demo/`. With --json nothing is served.
    """
    from gisgov.demo.journey import run_demo

    settings = load_settings()
    serving = serving and not as_json
    listening = loopback_of(settings if port is None else settings.model_copy(update={"port": port}))
    if serving:
        check_free(listening.host, listening.port)  # before the work, not after it
    database = open_database(settings)
    url = database.engine.url.render_as_string(hide_password=False)
    report = run_demo(
        database,
        indexes=index_place(settings, url),
        out=settings.maps_dir,
        assets=web_assets(),
        timezone=ZoneInfo(settings.timezone),
        seed=seed,
        scale=scale,
        event_building_m=settings.event_building_m,
        tell=notice,
        progress=progress(),
    )
    emit(report, as_json=as_json, text=describe_demo)
    if serving:
        if settings.prepare_tiles:
            prepare_tiles()
        click.echo(_pages(report, base_url(listening)))
        log_notices(settings)
        run_service(listening)
    elif not as_json:
        click.echo("Serve the pages with `gisgov serve`.")


def describe_demo(report: DemoReport) -> str:
    """Return the report as tables for people."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=110, color_system=None, emoji=False, highlight=False)
    made = f"made up; seed {report.seed}, scale {report.scale:g}"
    console.print(f"\n{report.district_name} {report.district_code} ({made})")
    for one in (
        _layers(report),
        _subgrids(report),
        _staff(report),
        _points(report),
        _events(report),
        _register(report),
        _hazards(report),
        _risk(report),
        _draft(report),
        _times(report),
    ):
        console.print(one)
    console.print(_accounts(report), soft_wrap=True)
    console.print(describe(report.sample), soft_wrap=True)
    console.print("\nWritten:")
    for name in (*report.files, *report.maps):
        console.print(f"  {name}", soft_wrap=True)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(columns[0], overflow="fold")
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _layers(report: DemoReport) -> Table:
    table = _table("Layers 网层", "layer", "plan", "areas", "km²", "population", "households", "defects")
    for one in report.layers:
        table.add_row(
            f"{one.title_zh} {one.layer}",
            one.plan,
            f"{one.areas:,}",
            f"{one.area_km2:,.1f}",
            f"{one.population:,}",
            f"{one.households:,}",
            str(one.defects),
        )
    return table


def _subgrids(report: DemoReport) -> Table:
    figures = report.subgrids
    table = _table("Sub-grids 子网格", "", "mean", "least", "most")
    table.add_row("population", *_spread(figures.population, 0))
    table.add_row("km²", *_spread(figures.area_km2, 2))
    table.add_row("load (1 = ½·5,000 people + ½·0.5 km²)", *_spread(figures.load, 2))
    table.caption = (
        f"{figures.areas} by the rule: the people are {figures.load_of_people:,.1f} sub-grids' worth and the "
        f"ground {figures.load_of_ground:,.1f}, shared among the communities as whole numbers; the practice "
        f"followed has {figures.in_practice}. "
        f"Load within 10 % of the community's mean: {figures.within_10_percent:.1%}, within 20 %: "
        f"{figures.within_20_percent:.1%}. Mean Polsby-Popper {figures.polsby_popper:.2f}; "
        f"{figures.along_streets:.1%} of their borders run along arterials, collectors or water; "
        f"{figures.several_parts} in several parts."
    )
    table.caption_justify = "left"
    return table


def _spread(spread: Spread, digits: int) -> tuple[str, str, str]:
    return (
        f"{spread.mean:,.{digits}f}",
        f"{spread.least:,.{digits}f}",
        f"{spread.most:,.{digits}f}",
    )


def _staff(report: DemoReport) -> Table:
    table = _table("Staff 岗位", "layer", "formula", "posts", "areas", "with a vacancy")
    for one in report.staff:
        table.add_row(one.layer, one.formula, f"{one.posts:,}", f"{one.areas:,}", f"{one.vacant_areas:,}")
    return table


def _points(report: DemoReport) -> Table:
    table = _table(
        "Buildings 楼栋",
        "file", "rows", "new", "unchanged", "rejected", "joined", "on a border", "orphans",
    )  # fmt: skip
    for one in report.points:
        finest = _finest(one)
        table.add_row(
            one.file,
            *(f"{count:,}" for count in (one.rows, one.inserted, one.unchanged, one.rejected, *finest)),
        )
    table.caption = "Joined, on a border and orphans: of the sub-grids."
    table.caption_justify = "left"
    return table


def _events(report: DemoReport) -> Table:
    one = report.events
    table = _table(
        "A year of events 事件闭环",
        "sent", "new", "per second", "steps", "closed", "of those to close", "overdue", "open",
    )  # fmt: skip
    table.add_row(
        *(f"{count:,}" for count in (one.sent, one.created)),
        f"{one.per_second:,.0f}",
        *(f"{count:,}" for count in (one.steps, one.closed)),
        _share(one.disposal_rate),
        *(f"{count:,}" for count in (one.overdue, one.open)),
    )
    table.caption = (
        f"{one.whistles:,} whistles; {one.rejected:,} rejected, {one.merged:,} merged as duplicates. Half of "
        f"the closed ones took {_hours(one.median_hours)}, {_hours(one.median_working_hours)} of them in "
        "working time. "
        f"{one.outside:,} lie outside every area and {one.without_place:,} have no place: they wait at the "
        "triage desk. A second run takes in nothing and takes no step."
    )
    table.caption_justify = "left"
    return table


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _hours(hours: float | None) -> str:
    return "-" if hours is None else f"{hours:.1f} h"


def _register(report: DemoReport) -> Table:
    table = _table(
        "Register 事项清单 (an example)", "items", "functions", "departments", "events", "without an item"
    )
    one = report.register
    table.add_row(
        str(one.items), str(one.functions), str(one.departments), f"{one.events:,}", f"{one.unclassified:,}"
    )
    return table


def _finest(summary: PointSummary) -> tuple[int, int, int]:
    if not summary.joined:
        return 0, 0, 0
    last = summary.joined[-1]
    return last.joined, last.on_border, last.orphans


def _hazards(report: DemoReport) -> Table:
    one = report.hazards
    table = _table(
        "Hazards of buildings 隐患",
        "found", "open", "overdue", "rectified", "checked", "of the found", "in time", "of the rectified",
    )  # fmt: skip
    table.add_row(
        *(f"{count:,}" for count in (one.found, one.open, one.overdue, one.rectified, one.checked)),
        *(_share(rate) for rate in (one.rectification_rate, one.on_time_rate, one.check_rate)),
    )
    days = "-" if one.median_days is None else f"{one.median_days:g} days"
    table.caption = f"{one.inserted:,} of the {one.rows:,} were new. Half of the rectified ones took {days}."
    table.caption_justify = "left"
    return table


def _risk(report: DemoReport) -> Table:
    table = _table(f"Risk classes 楼栋等级 (rules {report.rules_version})", "class", "buildings", "share")
    for one in report.risk:
        table.add_row(f"{one.title_zh} {one.title_en}", f"{one.buildings:,}", f"{one.share:.1%}")
    return table


def _draft(report: DemoReport) -> Table:
    draft = report.draft
    table = _table("The next plan, a draft 草案", "draft", "based on", *draft.fates)
    table.add_row(draft.plan, draft.based_on, *(str(count) for count in draft.fates.values()))
    table.caption = (
        f"{draft.people:,} people, {draft.ground_km2:,.2f} km² and {draft.open_events:,} open events would "
        f"change hands; `gisgov draft show {draft.plan}` and `gisgov plan preview {draft.plan}` say more."
    )
    table.caption_justify = "left"
    return table


def _times(report: DemoReport) -> Table:
    table = _table("Steps", "step", "seconds")
    for step in report.steps:
        table.add_row(step.step, f"{step.seconds:.1f}")
    table.add_row("all", f"{report.seconds:.1f}")
    return table


def _accounts(report: DemoReport) -> str:
    """Return the accounts as lines that are not broken: what stands in them is copied."""
    rows = [
        (one.account, one.role, one.one_time_password or one.key or "told before") for one in report.accounts
    ]
    told = "Told this once; a one-time password is changed at the first sign-in, and ends in 7 days."
    if not any(one.one_time_password for one in report.accounts):
        told = "New ones: gisgov account password NAME, gisgov key add demo-client."
    return f"Accounts 账号\n{table(('account', 'role', 'one-time password, or key'), rows)}\n{told}\n"


def _pages(report: DemoReport, base: str) -> str:
    """Say which pages to open."""
    lines = ["Open:", f"  map of the district   {base}/"]
    lines += [
        f"  {Path(name).stem:<20}  {base}/maps/{Path(name).name}"
        for name in report.maps
        if name.endswith(".html")
    ]
    asked = report.sample
    lines += [
        f"  who is responsible    {base}/v1/resolve?lon={asked.lon}&lat={asked.lat}&at={asked.at}",
        f"  API                   {base}/docs",
        "ctrl-C ends it.",
    ]
    return "\n".join(lines)
