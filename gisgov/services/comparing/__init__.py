"""Two plans held against each other: what their areas have in common, and what changes hands."""

from gisgov.services.comparing.lineage_rows import lineage_rows
from gisgov.services.comparing.overlaps import overlaps_between, overlaps_of

__all__ = ["lineage_rows", "overlaps_between", "overlaps_of"]
