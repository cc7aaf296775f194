"""311 reports of New York against the community board that the city wrote beside each."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from gisgov.services.importing.areas import AreaImport, import_areas
from gisgov.services.importing.points import PointImport, import_events
from gisgov.services.publishing import publish_plan
from gisgov.store.database import Database
from gisgov.store.tables import event, event_area, layer

pytestmark = pytest.mark.realdata

DAY, ZONE = date(2020, 1, 1), ZoneInfo("America/New_York")
BOROUGHS = {"MANHATTAN": 1, "BRONX": 2, "BROOKLYN": 3, "QUEENS": 4, "STATEN ISLAND": 5}

# id of the report, the board that the city wrote, and the district that the place lies in
OTHERS = [
    ("1189", "304", "303"), ("138", "314", "317"), ("1387", "309", "317"),
    ("139", "106", "105"), ("1577", "109", "110"), ("1820", "304", "303"),
    ("206", "111", "110"), ("2200", "405", "406"), ("2258", "314", "315"),
    ("2645", "410", "484"), ("2646", "410", "484"), ("2790", "103", "106"),
    ("2960", "313", "315"), ("3041", "209", "211"), ("3110", "209", "203"),
    ("3406", "108", "164"), ("3485", "110", "109"), ("3787", "107", "164"),
    ("4071", "308", "316"), ("4193", "307", "312"), ("4484", "106", "108"),
    ("4544", "106", "108"), ("4555", "104", "105"), ("4753", "105", "164"),
    ("4794", "110", "109"), ("564", "110", "109"), ("612", "111", "110"),
    ("71", "110", "109"),
]  # fmt: skip


def test_agreement_with_the_citys_own_field(
    database: Database, realdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with database.begin() as connection:
        row = {
            "name": "board",
            "title_zh": "社区委员会",
            "title_en": "Board",
            "kind": "partition",
            "position": 0,
        }
        connection.execute(layer.insert().values(**row))
    districts = realdata / "us_nyc_districts.gpkg"
    request = AreaImport(districts, "board", DAY, file_layer="community_district", code_field=("BoroCD",))
    imported = import_areas(database, request)
    assert (imported.imported, imported.working_crs) == (71, "EPSG:32618")
    publish_plan(database, imported.plan, valid_from=DAY, accept_defects="as found", timezone=ZONE)

    reports = PointImport(realdata / "us_nyc_311_animals.csv", ZONE, DAY, crs="wgs84", source="nyc-311")
    report = import_events(database, reports)
    assert (report.rows_read, report.inserted, report.without_place) == (4969, 4969, 62)
    assert report.time_format == "%m/%d/%Y %H:%M"
    assert [(one.layer, one.joined, one.orphans) for one in report.joined] == [("board", 4902, 67)]
    assert Counter(orphan.reason for orphan in report.orphans) == {"no-coordinate": 62, "outside": 5}

    query = sa.select(
        event.c.external_id,
        event.c.attributes["community_board"].astext.label("said"),
        event_area.c.area_code,
    ).join_from(event, event_area)
    with database.begin() as connection:
        rows = connection.execute(query.where(event_area.c.area_code.is_not(None))).all()
    told = [(row.external_id, _board(row.said), row.area_code) for row in rows if _board(row.said)]
    disagreements = sorted((key, said, code) for key, said, code in told if said != code)
    assert len(told) == 4900
    # 99.43 % agree; the others lie across a border street, or in a park that is a district of its own
    assert disagreements == sorted(OTHERS)


def _board(said: str) -> str | None:
    """Return ``305`` for ``05 BROOKLYN``, None where the city was not sure."""
    number, _, borough = said.partition(" ")
    if not number.isdigit() or borough not in BOROUGHS:
        return None
    return f"{BOROUGHS[borough]}{number}"
