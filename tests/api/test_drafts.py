"""Drafts over HTTP: operations with the revision they were made for, the log, snapshots, branches."""

from __future__ import annotations

from datetime import date

import pytest
from plans_of_blocks import drawn, put_cells, put_layer, put_plan

from gisgov.store.database import Database


@pytest.fixture(scope="module")
def service(open_client, module_database_url):
    """Client of a service with a plan in force of four areas of four blocks, and the one that follows it."""
    database = Database(module_database_url)
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    last = date(2026, 1, 1)
    put_plan(database, "old", layer_id, drawn("AABB AABB CCDD CCDD"), since=date(2025, 1, 1), until=last)
    put_plan(database, "new", layer_id, drawn("ABBB AABB CCDD CCDD"), since=last)
    database.dispose()
    with open_client(module_database_url) as client:
        yield client


@pytest.fixture
def draft(service, request):
    """Address of a draft that began as the old plan."""
    answer = service.post("/v1/plans/old/branches", json={"name": request.node.name})
    assert answer.status_code == 201, answer.text
    assert answer.json()["made_of"] == "assignments"
    return answer.headers["Location"]


def operate(service, draft, seen="*", query="", **operation):
    headers = {} if seen is None else {"If-Match": seen}
    return service.post(f"{draft}/operations{query}", json=operation, headers=headers)


def test_an_operation_answers_figures_and_the_next_revision(service, draft):
    answer = operate(service, draft, '"0"', kind="assign", blocks=["00", "01"], area="B")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    told = answer.json()
    assert {one["code"]: (one["blocks"], one["population"]) for one in told["areas"]} == {
        "A": (2, 7),
        "B": (6, 13),
    }
    assert (told["moved_blocks"], told["moved_population"], told["geojson"]) == (2, 3, None)
    told = operate(service, draft, answer.headers["ETag"], "?geometry=true", kind="undo").json()
    assert (told["undoable"], told["redoable"]) == (None, "assign")
    assert [one["id"] for one in told["geojson"]["features"]] == ["A", "B"]
    assert told["geojson"]["features"][0]["geometry"]["type"] == "MultiPolygon"
    shown = service.get(f"{draft}/draft?geometry=true")
    assert shown.headers["ETag"] == '"2"'
    assert [one["code"] for one in shown.json()["areas"]] == ["A", "B", "C", "D"]
    assert (shown.json()["replaced_by"], len(shown.json()["geojson"]["features"])) == ("new", 4)


def test_who_did_not_see_the_last_change_is_told_of_it(service, draft):
    operate(service, draft, 'W/"0"', kind="lock", areas=["A"])
    operate(service, draft, kind="rename", area="B", name="乙")
    answer = operate(service, draft, '"1"', kind="merge", areas=["C", "D"])
    assert (answer.status_code, answer.headers["ETag"]) == (412, '"2"')
    told = answer.json()
    assert (told["type"], told["revision"]) == ("/problems/draft-changed", 2)
    assert [(one["revision"], one["kind"], one["areas"]) for one in told["since"]] == [(2, "rename", ["B"])]
    answer = operate(service, draft, None, kind="undo")
    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/precondition-required")
    answer = operate(service, draft, "7", kind="undo")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/header/If-Match")
    assert service.get(f"{draft}/draft").headers["ETag"] == '"2"'


def test_the_log_comes_in_pages(service, draft):
    for kind in ("lock", "unlock", "lock"):
        operate(service, draft, kind=kind, areas=["A"])
    first = service.get(f"{draft}/operations?limit=2")
    assert [(one["revision"], one["kind"]) for one in first.json()] == [(3, "lock"), (2, "unlock")]
    rest = service.get(first.headers["Link"].partition(">")[0].removeprefix("<"))
    assert [one["parameters"] for one in rest.json()] == [{"kind": "lock", "areas": ["A"]}]
    assert "Link" not in rest.headers


def test_snapshots_are_named_and_had_again(service, draft):
    operate(service, draft, kind="merge", areas=["A", "B"], into="A")
    taken = service.post(f"{draft}/snapshots", json={"name": "送审"})
    assert (taken.status_code, taken.json()["revision"]) == (201, 1)
    assert service.post(f"{draft}/snapshots", json={"name": "送审"}).status_code == 409
    operate(service, draft, kind="undo")
    branch = {"name": "branched", "snapshot": "送审", "author": "甲"}
    made = service.post(f"{draft}/branches", json=branch).json()
    assert (made["plan"]["areas"], made["plan"]["author"], made["based_on"]) == (3, "甲", "old")
    assert operate(service, draft, kind="restore", snapshot="送审").json()["ended"] == ["B"]
    assert [one["name"] for one in service.get(f"{draft}/snapshots").json()] == ["送审"]


def test_blocks_are_told_whole_and_then_by_what_moved(service, draft):
    first = service.get(f"{draft}/blocks")
    told = first.json()
    assert (first.status_code, told["whole"], told["revision"], len(told["codes"])) == (200, True, 0, 16)
    assert told["shapes"][0] == [[[10000, 30000, 0, 10000, -10000, 0, 0, -10000, 10000, 0]]]
    assert [told["area_codes"][one] for one in told["area"][:4]] == ["A", "A", "B", "B"]
    tag = {"If-None-Match": first.headers["ETag"]}
    assert service.get(f"{draft}/blocks", headers=tag).status_code == 304
    operate(service, draft, kind="assign", blocks=["00"], area=None)
    assert service.get(f"{draft}/blocks", headers=tag).status_code == 200
    told = service.get(f"{draft}/blocks?since=0", headers=tag).json()
    assert (told["whole"], told["codes"], told["area"], told["gone"]) == (False, ["00"], [-1], [])
    assert service.get(f"{draft}/blocks?since=-1").status_code == 422


def test_who_is_there_is_heard_of(service, draft):
    doing = {"doing": "划分 A"}
    assert service.put(f"{draft}/presence", json=doing).json() == {"revision": 0, "others": []}
    operate(service, draft, kind="lock", areas=["A"])
    assert service.put(f"{draft}/presence", json={}).json()["revision"] == 1
    assert service.put(f"{draft}/presence", json={"doing": "甲" * 201}).status_code == 422
    refused = service.put("/v1/plans/old/presence", json=doing)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/plan-published")


def test_a_draft_is_deleted_and_a_published_plan_is_not(service, draft):
    service.put(f"{draft}/presence", json={})
    operate(service, draft, kind="lock", areas=["A"])
    assert service.delete(draft).status_code == 204
    assert service.get(draft).status_code == 404
    assert service.delete("/v1/plans/new").json()["type"] == "/problems/plan-published"


def test_a_rebase_lists_what_both_changed(service, draft):
    operate(service, draft, kind="assign", blocks=["01"], area="C")
    answer = operate(service, draft, kind="rebase")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rebase-conflict")
    conflict = {"kind": "block", "code": "01", "base": "A", "ours": "C", "theirs": "B"}
    assert answer.json()["conflicts"] == [conflict]
    told = operate(service, draft, kind="rebase", on_conflict="theirs").json()
    assert told["conflicts"] == [conflict]
    assert service.get(f"{draft}/draft").json()["based_on"] == "new"


REFUSED = [
    ({"kind": "paint"}, "/body/kind", "Say what to do in `kind`: one of assign, "),
    ({}, "/body/kind", "Say what to do"),
    ({"kind": ["undo"]}, "/body/kind", "Say what to do"),
    ({"kind": "assign", "blocks": ["00"]}, "/body/area", "area is required."),
    ({"kind": "merge", "areas": "A"}, "/body/areas", "areas: Input should be a list."),
    ({"kind": "undo", "x": 1}, "/body/x", "x is no field of undo; it takes kind."),
    ({"kind": "rename", "area": "A", "name": "甲" * 201}, "/body/name", "more than 200 characters"),
    ({"kind": "rename", "area": "A", "name": "\0"}, "/body/name", "a character that is none"),
    ({"kind": "split", "area": "A", "parts": 9}, "/body/parts", "cannot make 9 parts"),
    ({"kind": "split", "area": "A", "line": []}, "/body/line", "two places at least"),
    ({"kind": "split", "area": "Z", "parts": 2}, "/body/area", "has no area 'Z'"),
    ([], "/body", "The body is no JSON object."),
]


def test_what_is_no_operation_is_pointed_at(service, draft):
    for body, pointer, words in REFUSED:
        answer = service.post(f"{draft}/operations", json=body, headers={"If-Match": "*"})
        assert answer.status_code in (404, 422), body
        (field,) = answer.json()["errors"]
        assert field["pointer"] == pointer
        assert words in field["detail"]
    answer = service.post(f"{draft}/operations", content="kind=undo", headers={"If-Match": "*"})
    assert answer.status_code == 415
    answer = operate(service, "/v1/plans/old", kind="undo")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/plan-published")


def test_the_description_has_a_schema_for_each_kind(service):
    schema = service.get("/openapi.json").json()["paths"]["/v1/plans/{plan}/operations"]["post"]
    kinds = schema["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert {"split", "fill", "rebase"} < {one["properties"]["kind"]["const"] for one in kinds}
    assert all("kind" in one["required"] and not one["additionalProperties"] for one in kinds)
    (header,) = (one for one in schema["parameters"] if one["in"] == "header")
    assert header["name"] == "If-Match"
