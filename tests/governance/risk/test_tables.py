"""Rules as sheets of a workbook: read, written, and every fault named by sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.risk import RiskRules, parse_rules
from gisgov.governance.risk.sheets import SHEETS, format_sheets
from gisgov.governance.risk.tables import Row, parse_sheets

Cells = dict[str, list[dict[str, str]]]


def cells_of(rules: RiskRules) -> Cells:
    """The rows that a workbook of these rules has, as texts; empty cells are left out."""
    return {
        sheet: [
            {name: str(cell) for name, cell in zip(SHEETS[sheet], row, strict=True) if cell is not None}
            for row in rows
        ]
        for sheet, rows in format_sheets(rules).items()
    }


def parsed(cells: Cells) -> RiskRules:
    numbered = {sheet: [Row(i, row) for i, row in enumerate(rows, 1)] for sheet, rows in cells.items()}
    return parse_sheets(numbered, "rules.xlsx")


def test_what_is_written_reads_back(rules: RiskRules) -> None:
    assert parsed(cells_of(rules)) == rules
    example = shipped.risk_rules()
    assert parsed(cells_of(example)) == example


def test_what_stood_before_need_not_be_repeated(rules: RiskRules) -> None:
    cells = cells_of(rules)
    for sheet, group in (("bands", "factor"), ("triggers", "trigger")):
        seen: set[str] = set()
        for row in cells[sheet]:
            if row[group] in seen:
                for key in ("title_zh", "title_en", "class"):
                    row.pop(key, None)
            seen.add(row[group])
    assert parsed(cells) == rules


def test_sheets_that_rules_do_without(rules: RiskRules) -> None:
    document = {
        "version": "1",
        "title_zh": "x",
        "title_en": "x",
        "source": "x",
        "thresholds": {"general": 1, "warning": 2},
        "facts": [{"name": "a", "kind": "flag", "title_zh": "x", "title_en": "x", "meaning": "x"}],
        "factors": [
            {"name": "f", "title_zh": "x", "title_en": "x", "fact": "a", "bands": [{"is": True, "points": 1}]}
        ],
    }
    cells = cells_of(parse_rules(document))
    del cells["choices"], cells["triggers"]
    assert parsed(cells).version == "1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda c: c["rules"][0].update(key="verison"),
            "sheet rules, row 1, column key: 'verison' is no key of rules",
        ),
        (lambda c: c["rules"].pop(0), "sheet rules: is missing"),
        (
            lambda c: c["rules"].append({"key": "general", "value": "5"}),
            "sheet rules, row 9, column key: 'general' stands there twice",
        ),
        (
            lambda c: c["bands"][1].update(fact="height"),
            "sheet bands, row 2, column fact: is 'height', but row 1 of 'age' says 'built_year'",
        ),
        (lambda c: c["rules"][0].pop("value"), "sheet rules, row 1, column value: is missing"),
        (
            lambda c: c["rules"][7].update(value="5"),
            "sheet rules, row 8, column value: must be 11 or more, not 5",
        ),
        (
            lambda c: c["rules"][4].update(value="perhaps"),
            "sheet rules, row 5, column value: must be true or false",
        ),
        (
            lambda c: c["facts"][1].update(kind="date"),
            "sheet facts, row 2, column kind: is 'date'; allowed are",
        ),
        (lambda c: c["facts"][1].pop("meaning"), "sheet facts, row 2, column meaning: is missing"),
        (
            lambda c: c["facts"][1].update(least="few"),
            "sheet facts, row 2, column least: must be a number, not the text 'few'",
        ),
        (
            lambda c: c["facts"][1].update(hazards="flood|fire"),
            "sheet facts, row 2, column hazards: lists 'flood'",
        ),
        (
            lambda c: c["facts"][1].update(events="A|B", days="0.5"),
            "sheet facts, row 2, column days: must be a whole number",
        ),
        (
            lambda c: c["facts"][1].update(overdue="yes"),
            "sheet facts, row 2, column hazards: must say either which hazards",
        ),
        (
            lambda c: c["facts"].append(
                {"name": "x", "kind": "flag", "title_zh": "x", "title_en": "x", "meaning": "x"}
            ),
            "sheet facts, row 6: is 'x', at which no factor and no trigger looks",
        ),
        (
            lambda c: c["choices"][0].update(fact="gods"),
            "sheet choices, row 1, column fact: 'gods' is no fact of the sheet facts",
        ),
        (
            lambda c: c["choices"][1].update(value="none"),
            "sheet choices, row 2, column value: is 'none', which an earlier choice has",
        ),
        (
            lambda c: c["bands"][1].update(points="ten"),
            "sheet bands, row 2, column points: must be a whole number",
        ),
        (lambda c: c["bands"][1].pop("points"), "sheet bands, row 2, column points: is missing"),
        (lambda c: c["bands"][1].pop("at_most"), "sheet bands, row 2, column at_least: is missing"),
        (
            lambda c: c["bands"][1].update(at_most="1979"),
            "sheet bands, row 2: asks what an earlier band asks",
        ),
        (
            lambda c: [row.update(fact="year") for row in c["bands"][:2]],
            "sheet bands, row 1, column fact: is no fact of",
        ),
        (lambda c: c["bands"][0].pop("factor"), "sheet bands, row 1, column factor: is missing"),
        (lambda c: c["triggers"][0].pop("title_zh"), "sheet triggers, row 1, column title_zh: is missing"),
        (
            lambda c: c["triggers"][0].update({"class": "safe"}),
            "sheet triggers, row 1, column class: is 'safe'; a trigger",
        ),
        (
            lambda c: c["triggers"][0].update(fact="gas"),
            "sheet triggers, row 1, column fact: is no fact of these rules",
        ),
        (
            lambda c: c["triggers"][2].update(fact="charging"),
            "sheet triggers, row 3, column fact: trigger 'charging-findings' asks 'charging' twice",
        ),
        (
            lambda c: c["triggers"][0].update({"is": "gsa"}),
            "sheet triggers, row 1, column is: lists 'gsa'",
        ),
    ],
)
def test_faults_name_their_cell(rules: RiskRules, change: Callable[[Cells], object], message: str) -> None:
    cells = cells_of(rules)
    change(cells)
    with pytest.raises(ProfileError) as refused:
        parsed(cells)
    assert refused.value.message.startswith(f"rules.xlsx, {message}")
