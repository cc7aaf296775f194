from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gisgov import __version__
from gisgov.cli import main as frame
from gisgov.cli.main import COMMANDS, Entry, LazyGroup, gisgov
from gisgov.cli.output import finish
from gisgov.errors import CrsError

_ROOT = Path(__file__).resolve().parents[2]


@click.command
@click.argument("what")
def fail(what: str) -> None:
    """Fail in one way or another."""
    match what:
        case "known":
            raise CrsError("The file names no coordinate system.", hint="Give --crs.")
        case "system":
            raise FileNotFoundError(2, "No such file or directory", "areas.gpkg")
        case "nameless":
            raise TimeoutError
        case "fault":
            raise ValueError("two\nlines")
        case "interrupt":
            raise KeyboardInterrupt
        case "found":
            finish(found=True)
        case "sound":
            finish(found=False)
        case "file":
            raise click.FileError("areas.gpkg", "is a folder")


@pytest.fixture(autouse=True)
def _command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the command above to the program."""
    monkeypatch.setattr(frame, "COMMANDS", {**COMMANDS, "fail": Entry(f"{__name__}:fail", "Fail.")})
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(gisgov, list(arguments))


@pytest.mark.parametrize(
    ("what", "status", "line"),
    [
        ("known", 2, "gisgov: The file names no coordinate system. Give --crs."),
        ("system", 2, "gisgov: areas.gpkg: No such file or directory."),
        ("nameless", 2, "gisgov: TimeoutError."),
        ("fault", 2, "gisgov: Unexpected ValueError: two lines (a fault of gisgov; --debug shows where)."),
        ("interrupt", 130, "Interrupted."),
        ("file", 2, "gisgov: Could not open file 'areas.gpkg': is a folder"),
    ],
)
def test_an_error_is_one_line_and_a_status(what: str, status: int, line: str) -> None:
    ran = _run("fail", what)

    assert (ran.exit_code, ran.stdout, ran.stderr.strip()) == (status, "", line)


def test_defects_end_with_status_1() -> None:
    assert _run("fail", "found").exit_code == 1
    assert _run("fail", "sound").exit_code == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_debug_shows_the_trace_wherever_it_stands(place: int) -> None:
    arguments = ["fail", "known"]
    arguments.insert(place, "--debug")

    ran = _run(*arguments)

    assert ran.exit_code == 2
    assert ran.stderr.startswith("Traceback")
    assert ran.stderr.endswith("gisgov: The file names no coordinate system. Give --crs.\n")


def test_debug_is_not_for_mistakes_in_the_command() -> None:
    assert "Traceback" not in _run("--debug", "nonsense").stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nonsense"], "gisgov: No such command nonsense. See `gisgov --help`."),
        (["fail"], "gisgov fail: Missing argument WHAT. See `gisgov fail --help`."),
        (["--nonsense"], "gisgov: No such option --nonsense. See `gisgov --help`."),
    ],
)
def test_a_mistake_in_the_command_is_one_line(arguments: list[str], line: str) -> None:
    ran = _run(*arguments)

    assert ran.exit_code == 2
    assert ran.stderr.replace("'", "").strip() == line


def test_a_mistake_without_a_command() -> None:
    assert frame._report(click.UsageError("No.")) == 2


def test_help_lists_every_command_without_reading_any() -> None:
    code = "import sys; from gisgov.cli.main import gisgov; gisgov.main(['--help'])"
    at_end = "atexit.register(lambda: print(sorted(m for m in sys.modules if '.cli.' in m)))"
    script = f"import atexit, sys\n{at_end}\n{code}"

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=_ROOT)

    assert ran.returncode == 0
    for name, entry in COMMANDS.items():
        assert name in ran.stdout
        assert entry.summary[:50] in ran.stdout
    assert ran.stdout.splitlines()[-1] == "['gisgov.cli.main']"


def test_the_program_runs_as_a_module() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gisgov", "--version"], capture_output=True, text=True, cwd=_ROOT
    )

    assert (ran.returncode, ran.stdout) == (0, f"gisgov, version {__version__}\n")


def test_nobody_reads_the_output_any_more() -> None:
    script = (
        "import click, gisgov.cli.main as frame\n"
        "@click.command\n"
        "def talk():\n"
        "    for _ in range(100000): click.echo('x' * 100)\n"
        "frame.COMMANDS = {'talk': frame.Entry('__main__:talk', 'Talk.')}\n"
        "frame.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "talk"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=_ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_the_reader_went_away_before_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced: list[int] = []

    class Gone:
        def fileno(self) -> int:
            return 1

    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(os, "dup2", lambda _, number: replaced.append(number))

    assert frame._report(BrokenPipeError(32, "Broken pipe")) == 141
    assert replaced == [1]


def test_an_entry_that_is_not_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "COMMANDS", {"odd": Entry("gisgov.cli.main:FOUND", "Odd.")})

    with pytest.raises(TypeError, match="is not a click command"):
        LazyGroup("gisgov").get_command(click.Context(gisgov), "odd")
