"""``gisgov codes``: schemes, checks, parents and numbers from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gisgov.cli.main import gisgov

Run = Callable[..., Any]
GOOD, BAD = "330106012003002", "330106012003000"

SCHEMES = """
code_schemes:
  - name: seats
    title_zh: 座位
    title_en: Seats
    source: An example.
    segments:
      - {name: table, width: 1, title_zh: 桌, title_en: Table}
      - {name: seat, width: 1, title_zh: 座, title_en: Seat}
    series:
      - {name: seat, title_zh: 座, title_en: Seat, parent: "{table}"}
"""


@pytest.fixture
def run(cli_without_database: Run) -> Run:
    return lambda *arguments: cli_without_database("codes", *arguments)


def test_schemes(run: Run) -> None:
    shown = run("schemes")
    assert shown.status == 0
    assert "grid-20" in shown.stdout
    assert "community 601-999" in shown.stdout
    listed = run("schemes", "--json").json()
    grid = next(scheme for scheme in listed if scheme["name"] == "grid-15")
    assert (grid["shape"], grid["length"], grid["series"][0]["parent"]) == (
        "6+3+3+3",
        15,
        "{county}{street}{community}",
    )


def test_schemes_of_a_file_stand_beside_the_shipped_ones(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "seats.yaml"
    path.write_text(SCHEMES, encoding="utf-8")
    names = [scheme["name"] for scheme in run("schemes", "--schemes", path, "--json").json()]
    assert names[0] == "county-6"
    assert names[-1] == "seats"
    assert run("check", "47", "--scheme", "seats", "--schemes", path).status == 0
    assert run("check", "40", "--scheme", "seats", "--schemes", path).status == 1


def test_check_values(run: Run) -> None:
    sound = run("check", GOOD)
    assert (sound.status, sound.stdout) == (0, "1 of 1 codes follow grid-15.\n")
    mixed = run("check", GOOD, BAD)
    assert mixed.status == 1
    assert mixed.stdout.splitlines() == [
        "1 of 2 codes follow grid-15.",
        f"row 2: {BAD} characters 13-15 (sequence) are 000, not from 001 to 999",
    ]


def test_check_as_json(run: Run) -> None:
    answer = run("check", BAD, "--json")
    assert answer.status == 1
    assert answer.json() == {
        "scheme": "grid-15",
        "checked": 1,
        "sound": 0,
        "problems": [
            {"row": 1, "code": BAD, "message": "characters 13-15 (sequence) are 000, not from 001 to 999"}
        ],
    }


def test_check_lines_of_stdin() -> None:
    result = CliRunner().invoke(gisgov, ["codes", "check", "-", "--json"], input=f"{GOOD}\n\n {BAD} \n")
    assert result.exit_code == 1
    assert [(p["row"], p["code"]) for p in json.loads(result.stdout)["problems"]] == [(2, None), (3, BAD)]


def test_check_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("编码,名称\n330106,西\n33010,东\n", encoding="gb18030")
    answer = run("check", "--file", path, "--field", "编码", "--scheme", "county-6")
    assert answer.status == 1
    assert answer.stdout.splitlines() == [
        "1 of 2 codes follow county-6.",
        "row 2: 33010 has 5 characters, not 6 (6 county)",
    ]


def test_many_problems_are_cut_short_for_people(run: Run) -> None:
    answer = run("check", *(str(i) for i in range(1, 62)))
    lines = answer.stdout.splitlines()
    assert len(lines) == 52
    assert lines[-1] == "… and 11 more (--json lists all)"
    assert len(run("check", *(str(i) for i in range(1, 62)), "--json").json()["problems"]) == 61


def test_parents(run: Run) -> None:
    answer = run("parent", GOOD, "33")
    assert answer.status == 1
    assert answer.stdout.splitlines() == [
        "code             parent",
        f"{GOOD}  330106012003",
        "row 2: 33 has 2 characters, not 15 (6 county + 3 street + 3 community + 3 sequence)",
    ]
    assert run("parent", "330106012000", "--scheme", "statistical-street-12", "--json").json()["parents"] == [
        {"row": 1, "code": "330106012000", "parent": "330106000000"}
    ]


def test_number(run: Run, tmp_path: Path) -> None:
    path, taken = tmp_path / "areas.csv", tmp_path / "retired.csv"
    path.write_text("up,lon,lat\n330106012,120.2,30\n330106012,120.1,30\n", encoding="utf-8")
    taken.write_text("old\n01020033010601260400\n", encoding="utf-8")
    words = ("number", path, "--parent-field", "up", "--scheme", "grid-20", "--series", "merged")
    answer = run(*words, "--given", "object=010200", "--taken", taken, "--taken-field", "old")
    assert answer.status == 0
    assert answer.stdout.splitlines() == [
        "row,parent,code,new",
        "1,330106012,01020033010601260600,1",
        "2,330106012,01020033010601260500,1",
    ]
    answer = run(*words, "--given", "object=010200", "--json").json()
    assert (answer["series"], answer["new"], answer["areas"][1]["code"]) == (
        "merged",
        2,
        "01020033010601260100",
    )


def test_number_keeps_codes_and_takes_columns(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(f"up,code,e,n\n330106012003,,0,0\n330106012003,{GOOD},5,0\n", encoding="utf-8")
    words = ("--parent-field", "up", "--code-field", "code", "--x-field", "e", "--y-field", "n")
    answer = run("number", path, *words, "--row-height", 10)
    assert answer.stdout.splitlines()[1:] == ["1,330106012003,330106012003003,1", f"2,330106012003,{GOOD},0"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check",), "Give codes, or - for lines of stdin, or --file."),
        (("check", GOOD, "--file", "FILE"), "Give codes, or - for lines of stdin, or --file."),
        (("check", GOOD, "--scheme", "grid-16"), "No code scheme is called 'grid-16'. There are: county-6,"),
        (("check", "--file", "FILE", "--field", "area"), "codes.csv has no field 'area'."),
        (
            ("number", "FILE", "--parent-field", "code", "--given", "object"),
            "--given object is not SEGMENT=DIGITS.",
        ),
        (("number", "FILE", "--parent-field", "code"), "No column of codes.csv is called like a longitude."),
        (("number", "FILE"), "Missing option '--parent-field'."),
        (("check", "--file", "absent.csv"), "File 'absent.csv' does not exist."),
    ],
)
def test_what_cannot_run_ends_with_status_2(
    run: Run, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code\n1\n", encoding="utf-8")
    answer = run(*(str(path) if word == "FILE" else word for word in words))
    assert answer.status == 2
    assert answer.stdout == ""
    assert message in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
