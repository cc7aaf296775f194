"""Where areas come from, and what became of them, through the plans of their layer (沿革)."""

from gisgov.services.lineage.reports import AreaLineage, HeldBy, LineageLink, Replacement
from gisgov.services.lineage.retired import refuse_retired
from gisgov.services.lineage.tracing import lineage_of

__all__ = ["AreaLineage", "HeldBy", "LineageLink", "Replacement", "lineage_of", "refuse_retired"]
