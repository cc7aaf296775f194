from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator


def test_the_schema_of_an_answer(cli_without_database: Callable[..., Any]) -> None:
    ran = cli_without_database("schema", "db", "status")

    assert ran.status == 0
    schema = json.loads(ran.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["running"]["type"] == "boolean"


def test_a_command_without_json(cli_without_database: Callable[..., Any]) -> None:
    ran = cli_without_database("schema", "db", "stop")

    assert ran.status == 2
    assert "No command 'gisgov db stop' answers with --json." in ran.stderr
    assert "gisgov db status" in ran.stderr
