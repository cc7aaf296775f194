"""The demo's staff posts: of communities as the district has them, of sub-grids as they were divided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from fixtures.district import District, fill_posts
from gisgov.demo.figures import areas_in_force, staff_summary
from gisgov.demo.files import write_table
from gisgov.demo.report import StaffSummary
from gisgov.governance.profiles import Profile
from gisgov.governance.staffing import StaffingFormula
from gisgov.services.importing.staff import StaffImport, import_staff
from gisgov.store.database import Database


def import_posts(
    database: Database, practice: Profile, district: District, folder: Path, *, subgrids: str, at: date
) -> tuple[Path, ...]:
    """Bring in the posts of communities and of the areas of the layer ``subgrids``; return their files."""
    areas = areas_in_force(database, subgrids, at)
    formula = _formula(practice, subgrids)
    population = np.array([area.population or 0 for area in areas], dtype=np.float64)
    codes = [area.code for area in areas]
    tables = {
        "community": district.staff,
        subgrids: fill_posts(subgrids, codes, population, formula, seed=district.seed),
    }
    written = []
    for layer, table in tables.items():
        path = write_table(table.drop(columns="layer"), folder / f"staff-{layer}.csv")
        import_staff(database, StaffImport(path, layer, strict=True))
        written.append(path)
    return tuple(written)


def staffed(database: Database, practice: Profile, layer: str, at: date) -> StaffSummary:
    """Return who serves the areas of a layer."""
    return staff_summary(layer, areas_in_force(database, layer, at), _formula(practice, layer))


def _formula(practice: Profile, name: str) -> StaffingFormula:
    formula = next(layer.staffing for layer in practice.layers if layer.name == name)
    assert formula is not None  # noqa: S101 - the shipped profile has one
    return formula
