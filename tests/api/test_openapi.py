"""The description of the service says all that a caller needs."""

from __future__ import annotations

from typing import Any

import pytest

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document(lonely: Any) -> Any:
    return lonely.get("/openapi.json").json()


def operations(document: Any) -> list[tuple[str, Any]]:
    return [
        (path, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def test_every_operation_is_explained(document: Any) -> None:
    for path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path


def test_every_parameter_is_explained(document: Any) -> None:
    for path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["name"] != "slug":
                assert parameter.get("description"), (path, parameter["name"])


def test_every_error_is_a_problem(document: Any) -> None:
    for path, operation in operations(document):
        if path.startswith("/open311"):  # errors of its own, which tests/api/test_open311.py looks at
            assert {"4XX", "5XX"} <= operation["responses"].keys(), path
            continue
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        unclear = "400" if path.startswith("/ogc") else "422"  # as OGC API – Features has it
        assert {unclear, "500"} <= errors.keys(), path
        for answer in errors.values():
            assert answer["description"]
            assert answer["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }, path


def test_areas_are_described_as_geojson(document: Any) -> None:
    answer = document["paths"]["/v1/layers/{layer}/areas"]["get"]["responses"]["200"]
    assert answer["content"].keys() == {"application/geo+json"}


def test_references_lead_somewhere(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()

    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].removeprefix("#/components/schemas/") in schemas
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(document)


def test_operations_have_short_names_of_their_own(document: Any) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert all("v1" not in name for name in names)


def test_the_question_begins_with_the_place(document: Any) -> None:
    parameters = document["paths"]["/v1/resolve"]["get"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == ["lon", "lat", "crs", "at", "layer"]
