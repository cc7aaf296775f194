"""Each kind of tampering is found, by its first position."""

from __future__ import annotations

import hashlib

import pytest

from gisgov.errors import InputError
from gisgov.services.audit import Milestone, parse_milestone, verify_audit
from gisgov.store.database import Database
from tests.support.audited_changes import fill, head, unguarded


@pytest.fixture
def start(database: Database) -> int:
    """The position behind which ten entries were written."""
    before = head(database)
    fill(database, 10)
    return before


def test_a_chain_that_nobody_touched_is_whole(database: Database, start: int) -> None:
    found = verify_audit(database)
    assert (found.intact, found.findings, found.entries) == (True, (), start + 10)
    assert found.head is not None
    assert found.head.position == start + 10
    assert verify_audit(database, expect=found.head).intact
    fill(database, 1)
    assert verify_audit(database, expect=found.head).intact


@pytest.mark.parametrize(
    ("statements", "fault", "first", "words"),
    [
        pytest.param(
            ['UPDATE audit_entry SET content = content || \'{"subject": "x"}\' WHERE id = {e4}'],
            "changed",
            4,
            "is not what was written",
            id="an entry says something else",
        ),
        pytest.param(
            ["UPDATE audit_link SET committed_at = committed_at - interval '1 day' WHERE position = {p4}"],
            "changed",
            4,
            "is not what was written",
            id="a time was changed",
        ),
        pytest.param(
            ["DELETE FROM audit_entry WHERE id = {e4}"], "missing", 4, "entry of position", id="no entry"
        ),
        pytest.param(
            [
                "DELETE FROM audit_link WHERE position = {p4}",
                "DELETE FROM audit_entry WHERE id = {e4}",
            ],
            "missing",
            4,
            "is missing",
            id="a row is missing",
        ),
        pytest.param(
            [
                "DELETE FROM audit_link WHERE position BETWEEN {p4} AND {p6}",
                "DELETE FROM audit_entry WHERE id BETWEEN {e4} AND {e6}",
            ],
            "missing",
            4,
            "are missing",
            id="rows are missing",
        ),
        pytest.param(
            [
                "DELETE FROM audit_link WHERE position = {p4}",
                "DELETE FROM audit_entry WHERE id = {e4}",
                "UPDATE audit_link SET position = -position WHERE position > {p4}",
                "UPDATE audit_link SET position = -position - 1 WHERE position < 0",
                "UPDATE audit_head SET position = position - 1",
            ],
            "broken",
            4,
            "does not follow",
            id="a row is missing and the others moved up",
        ),
        pytest.param(
            [
                (
                    "UPDATE audit_entry AS one SET content = other.content FROM audit_entry AS other "
                    "WHERE (one.id, other.id) IN (({e4}, {e6}), ({e6}, {e4}))"
                )
            ],
            "moved",
            4,
            "exchanged",
            id="two entries were exchanged",
        ),
        pytest.param(
            [
                "UPDATE audit_link SET position = -position WHERE position IN ({p4}, {p6})",
                "UPDATE audit_link SET position = {p6} WHERE position = -{p4}",
                "UPDATE audit_link SET position = {p4} WHERE position = -{p6}",
            ],
            "moved",
            4,
            "exchanged",
            id="two links were exchanged",
        ),
        pytest.param(
            [
                "DELETE FROM audit_link WHERE position > {p8}",
                "DELETE FROM audit_entry WHERE id > {e8}",
            ],
            "cut",
            9,
            "missing at the end",
            id="the end was cut off",
        ),
        pytest.param(["TRUNCATE audit_link, audit_entry"], "cut", None, "missing at the end", id="all of it"),
        pytest.param(["DELETE FROM audit_head"], "missing", 11, "not written any more", id="no head"),
        pytest.param(
            ["UPDATE audit_head SET sha256 = repeat('0', 64)"],
            "forged",
            10,
            "not the one that the audit ended with",
            id="another head",
        ),
        pytest.param(
            [
                'UPDATE audit_entry SET content = content || \'{"subject": "x"}\' WHERE id = {e4}',
                (
                    "UPDATE audit_link SET sha256 = encode(sha256(convert_to(audit_line("
                    "position, committed_at, "
                    "previous_sha256, content), 'UTF8')), 'hex') FROM audit_entry "
                    "WHERE audit_entry.id = entry_id AND position = {p4}"
                ),
            ],
            "broken",
            5,
            "one of the two was changed",
            id="an entry was changed together with its hash",
        ),
        pytest.param(
            ['INSERT INTO audit_entry (content) VALUES (\'{"verb": "forged", "at": "now"}\')'],
            "unlinked",
            None,
            "stands in no position",
            id="an entry without link",
        ),
    ],
)
def test_tampering_is_found(
    database: Database,
    database_url: str,
    start: int,
    statements: list[str],
    fault: str,
    first: int,
    words: str,
) -> None:
    with unguarded(database_url) as session:
        rows = session.execute(
            "SELECT position, entry_id FROM audit_link WHERE position > %s", (start,)
        ).fetchall()
        names = {f"p{position - start}": position for position, _ in rows}
        names |= {f"e{position - start}": entry for position, entry in rows}
        for statement in statements:
            for name, value in names.items():
                statement = statement.replace(f"{{{name}}}", str(value))
            session.execute(statement)
    found = verify_audit(database)
    assert not found.intact
    assert found.findings[0].fault == fault
    assert words in found.findings[0].what
    if fault == "unlinked":
        assert (found.findings[0].position, found.findings[0].at) == (None, "now")
    else:
        assert found.findings[0].position == (1 if first is None else start + first)
    if fault in ("changed", "moved", "broken"):
        assert found.findings[0].at is not None


def append_forged(url: str, *, with_head: bool) -> None:
    """Put an entry behind the end, with a link that is right."""
    with unguarded(url) as session:
        session.execute('INSERT INTO audit_entry (content) VALUES (\'{"verb": "forged"}\')')
        session.execute(
            "INSERT INTO audit_link SELECT head.position + 1, entry.id, head.committed_at, head.sha256, "
            "encode(sha256(convert_to(audit_line(head.position + 1, head.committed_at, head.sha256, "
            "content), 'UTF8')), 'hex') FROM audit_head AS head, audit_entry AS entry "
            "ORDER BY entry.id DESC LIMIT 1"
        )
        if with_head:
            session.execute(
                "UPDATE audit_head SET position = link.position, sha256 = link.sha256 "
                "FROM (SELECT * FROM audit_link ORDER BY position DESC LIMIT 1) AS link"
            )


def test_an_entry_put_behind_the_end_is_found(database: Database, database_url: str, start: int) -> None:
    append_forged(database_url, with_head=False)
    (finding,) = verify_audit(database).findings
    assert (finding.fault, finding.position) == ("forged", start + 11)


def test_an_end_cut_off_together_with_its_head_is_found_by_what_was_kept(
    database: Database, database_url: str, start: int
) -> None:
    kept = verify_audit(database).head
    assert kept is not None
    with unguarded(database_url) as session:
        session.execute("DELETE FROM audit_link WHERE position > %s", (start + 8,))
        session.execute("DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_link)")
        session.execute(
            "UPDATE audit_head SET position = link.position, sha256 = link.sha256 "
            "FROM (SELECT * FROM audit_link ORDER BY position DESC LIMIT 1) AS link"
        )
    assert verify_audit(database).intact  # nothing in the database can tell
    (finding,) = verify_audit(database, expect=kept).findings
    assert (finding.fault, finding.position) == ("rewritten", start + 10)
    assert "is not there" in finding.what
    append_forged(database_url, with_head=True)
    append_forged(database_url, with_head=True)
    assert verify_audit(database).intact
    (finding,) = verify_audit(database, expect=kept).findings
    assert "another hash" in finding.what


def test_an_empty_chain_is_expected_to_begin_with_nothing(database: Database) -> None:
    assert verify_audit(database, expect=Milestone(0, "0" * 64)).intact


@pytest.mark.parametrize("text", ["", "12", "12:abc", "x:" + "0" * 64, "1:" + "g" * 64])
def test_what_is_expected_must_be_readable(text: str) -> None:
    with pytest.raises(InputError, match="no position with its hash"):
        parse_milestone(text)


def test_a_milestone_is_read_as_it_is_written() -> None:
    milestone = Milestone(7, hashlib.sha256(b"x").hexdigest())
    assert parse_milestone(f" {str(milestone).upper()} ") == milestone
