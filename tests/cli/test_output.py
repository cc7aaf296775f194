from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import click
import pytest
from click.testing import CliRunner
from pydantic_core import PydanticSerializationError

from gisgov.cli.output import answers, commands, dump, emit, json_option, table


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes
    ----------
    name : str
        Its name.
    """

    name: str
    since: date | None
    codes: tuple[str, ...]


_FOUND = Found("街道", date(2026, 3, 1), ("440305001",))


@click.group
def program() -> None:
    """A program."""


@program.command
@json_option(tuple[Found, ...])
@click.option("--odd", is_flag=True)
def show(as_json: bool, odd: bool) -> None:
    """Show."""
    emit(("odd",) if odd else (_FOUND,), as_json=as_json, text=lambda found: f"{len(found)} found")


@program.command
@click.option("--json", "as_json", is_flag=True)
def undeclared(as_json: bool) -> None:
    """Show without a declared type."""
    emit(_FOUND, as_json=as_json, text="found")


@program.group
def deeper() -> None:
    """Deeper."""


@deeper.command
def plain() -> None:
    """Answer nothing."""


@deeper.command(hidden=True)
@json_option(Found)
def secret() -> None:
    """Not shown."""


def _run(*arguments: str) -> str:
    ran = CliRunner().invoke(program, arguments, catch_exceptions=False)
    assert ran.exit_code == 0
    return ran.stdout


def test_an_answer_for_people() -> None:
    assert _run("show") == "1 found\n"
    assert _run("undeclared") == "found\n"


def test_an_answer_for_programs_is_one_document_in_utf8() -> None:
    text = _run("show", "--json")

    assert json.loads(text) == [{"name": "街道", "since": "2026-03-01", "codes": ["440305001"]}]
    assert "街道" in text
    assert json.loads(_run("undeclared", "--json"))["name"] == "街道"


def test_an_answer_that_is_not_of_the_declared_type_is_a_fault() -> None:
    with pytest.raises(PydanticSerializationError):
        _run("show", "--json", "--odd")


def test_all_answers_of_a_program_are_known_with_their_schema() -> None:
    found = list(answers(program))

    assert [answer.command for answer in found] == ["gisgov show"]
    schema = found[0].json_schema()
    assert schema["type"] == "array"
    assert schema["$defs"]["Found"]["required"] == ["name", "since", "codes"]


def test_all_commands_of_a_program_are_known() -> None:
    names = [path for path, _ in commands(program, "program")]

    assert names == ["program deeper", "program deeper plain", "program show", "program undeclared"]


def test_a_name_without_a_command_is_passed_over() -> None:
    class Forgetful(click.Group):
        def get_command(self, *_: object) -> click.Command | None:
            return None

    assert list(commands(Forgetful("odd", commands={"plain": plain}))) == []


def test_columns_are_aligned_by_what_is_seen() -> None:
    shown = table(["层", "areas", "share"], [["街道", 6, None], ["community", 1234, 0.5], ["x", 0, 1.0]])

    assert shown.splitlines() == [
        "层         areas  share",
        "街道           6      -",
        "community  1,234    0.5",
        "x              0    1.0",
    ]


def test_a_table_without_rows_has_its_headings() -> None:
    assert table(["layer", "areas"], []) == "layer  areas"


def test_yes_and_no_are_texts() -> None:
    assert table(["sound"], [[True], [False]]).splitlines() == ["sound", "True", "False"]


def test_json_of_documents_is_readable() -> None:
    assert dump({"名": [1]}) == '{\n  "名": [\n    1\n  ]\n}'
