"""``gisgov``: the group of all commands, each read only when it is called."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

import click

from gisgov import __version__
from gisgov.errors import GisgovError, UnavailableError
from gisgov.secrecy import redacted
from gisgov.undisturbed import undisturbed

FOUND, FAILED, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141
"""Exit status: defects or disagreement found; could not run; ctrl-C; nobody reads the output any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is written, and what ``gisgov --help`` says of it without reading it."""

    target: str
    summary: str


COMMANDS: Mapping[str, Entry] = {
    "layers": Entry("gisgov.cli.layers:layers", "List the layers, or load a layer set from a profile."),
    "plan": Entry("gisgov.cli.plan:plan", "List, show and publish plans."),
    "import": Entry(
        "gisgov.cli.import_:import_",
        "Import areas, assignments, events, buildings, staff or registers from a file.",
    ),
    "staff": Entry("gisgov.cli.staff:staff", "List staff posts and vacancies, appoint people and end posts."),
    "blocks": Entry("gisgov.cli.blocks:blocks", "Build the blocks that plans are made of, and show them."),
    "check": Entry(
        "gisgov.cli.check:check",
        "Find gaps, overlaps and other defects of a plan, a file, or all layers in force.",
    ),
    "repair": Entry(
        "gisgov.cli.repair:repair", "Repair the borders of a plan or file by decisions that people accept."
    ),
    "redivide": Entry(
        "gisgov.cli.redivide:redivide",
        "Divide blocks into areas of about equal load, anew or near the areas of a plan.",
    ),
    "draft": Entry(
        "gisgov.cli.draft:draft",
        "Change drafts: assign, merge, split, move borders, undo; branch, snapshot and rebase them.",
    ),
    "codes": Entry("gisgov.cli.codes:codes", "Check area codes, or number new areas. Needs no database."),
    "resolve": Entry(
        "gisgov.cli.resolve:resolve",
        "Say who answers for a coordinate: its area in every partition layer, from the top down.",
    ),
    "assign": Entry(
        "gisgov.cli.assign:assign",
        "Write the points of a file anew, each with the area of a layer that owns it.",
    ),
    "lineage": Entry(
        "gisgov.cli.lineage:lineage",
        "Say where an area comes from and what became of it, also of one that is in force no more.",
    ),
    "statistics": Entry(
        "gisgov.cli.statistics:statistics",
        "Count what lies in areas, and put figures onto the areas of another date or plan.",
    ),
    "coverage": Entry(
        "gisgov.cli.coverage:coverage",
        "Say what patrols came near to, which visits are due, and who lives far from service points.",
    ),
    "map": Entry("gisgov.cli.map_:map_", "Draw a map as a page, PNG or PDF."),
    "event": Entry("gisgov.cli.event:event", "Report, list and show events, and take steps with them."),
    "device": Entry(
        "gisgov.cli.device:device",
        "List and count cameras and other devices, and report whether they work.",
    ),
    "whistle": Entry(
        "gisgov.cli.whistle:whistle", "Call departments to events, answer such calls, and list them."
    ),
    "category": Entry(
        "gisgov.cli.category:category",
        "List the items of the register and the departments, and decide about items.",
    ),
    "policy": Entry("gisgov.cli.policy:policy", "List policies that are documents, and adopt new ones."),
    "hazard": Entry(
        "gisgov.cli.hazard:hazard", "Record hazards of buildings, take steps with them, list and count them."
    ),
    "risk": Entry(
        "gisgov.cli.risk:risk", "Rate buildings by the risk rules, and say why each has its class."
    ),
    "audit": Entry(
        "gisgov.cli.audit:audit",
        "Show what was changed by whom, verify that nothing of it was, and export it.",
    ),
    "account": Entry(
        "gisgov.cli.account:account", "Make accounts, give them roles, disable and delete them."
    ),
    "key": Entry("gisgov.cli.key:key", "Make, list, replace and revoke the keys of accounts."),
    "serve": Entry(
        "gisgov.cli.serve:serve",
        "Serve the HTTP API and its pages until ctrl-C; the private database is started if need be.",
    ),
    "worker": Entry(
        "gisgov.cli.worker:worker",
        "Do the jobs that the service was asked for, until ctrl-C; what runs then waits for another worker.",
    ),
    "job": Entry("gisgov.cli.job:job", "List, watch, end and try again the jobs of the service."),
    "db": Entry("gisgov.cli.db:db", "Start, stop, migrate, dump and restore the database."),
    "demo": Entry(
        "gisgov.cli.demo:demo",
        "Generate a district and run the whole path on it; run again, it changes nothing.",
    ),
    "schema": Entry("gisgov.cli.schema:schema", "Print the JSON Schema of a command's --json answer."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that ``--help`` and errors come at once.

    Errors become one line on stderr and exit status 2, whoever runs the group: the program or a test.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of a day's work."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command; None when there is none of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        with undisturbed():
            command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.target} is not a click command")
        from gisgov.cli.admission import guarded  # read with the first command

        return guarded(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command; click itself would end with status 1 when the reader of its output went away."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _PipeClosed from error

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run, and turn whatever goes wrong into a line and a status."""
        given = list(sys.argv[1:] if args is None else args)
        # --debug is taken wherever it stands: it is added to a failed command by pressing "up" and typing on
        debug = "--debug" in given
        given = [word for word in given if word != "--debug"]
        extra["standalone_mode"] = False
        try:
            status = super().main(given, *rest, **extra)
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:  # the outermost edge: nothing is above it
            if debug and not isinstance(error, click.ClickException | click.Abort):
                click.echo(redacted(traceback.format_exc()), err=True, nl=False)
            status = _report(error)
        sys.exit(status if isinstance(status, int) else 0)


class _PipeClosed(Exception):
    """Nobody reads the output any more, as after ``gisgov … | head``."""


def _report(error: BaseException) -> int:
    """Say an error in one line on stderr and return the exit status for it."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return _say("Interrupted.", INTERRUPTED)
    if isinstance(error, click.UsageError):
        where = error.ctx.command_path if error.ctx else "gisgov"
        return _say(f"{where}: {error.format_message()} See `{where} --help`.", FAILED)
    if isinstance(error, click.ClickException):
        return _say(f"gisgov: {error.format_message()}", FAILED)
    if isinstance(error, GisgovError):
        return _say(f"gisgov: {error}", FAILED)
    if isinstance(error, _PipeClosed | BrokenPipeError):
        # what is still buffered goes nowhere, and silently so at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"gisgov: {place}{error.strerror or type(error).__name__}.", FAILED)
    kind = type(error).__name__
    text = " ".join(str(error).split())
    return _say(f"gisgov: Unexpected {kind}: {text} (a fault of gisgov; --debug shows where).", FAILED)


def _say(line: str, status: int) -> int:
    click.echo(redacted(" ".join(line.split())), err=True)
    return status


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=LazyGroup, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="gisgov")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the trace of an error.")
def gisgov() -> None:
    """Spatial governance by grids: who answers for which place, and since when.

    Exit status: 0 done, 1 defects or disagreement found, 2 could not run.
    Answers go to stdout (with --json as one JSON document), messages and progress to stderr.
    """


def main() -> NoReturn:
    """Run the program ``gisgov``."""
    try:
        gisgov.main(prog_name="gisgov")
    finally:
        gc.freeze()  # the process ends: nobody need look through all that it read
    raise UnavailableError("gisgov did not end")  # pragma: no cover - main always exits
