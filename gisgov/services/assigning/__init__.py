"""Many points at once: which area of one layer owns each, whatever form the points came in."""

from gisgov.services.assigning.assigned import STATUS_WORDS, Assigned, Status
from gisgov.services.assigning.assigner import Assigner, assigner_of
from gisgov.services.assigning.details import Details, details
from gisgov.services.assigning.points import assign_points

__all__ = [
    "STATUS_WORDS",
    "Assigned",
    "Assigner",
    "Details",
    "Status",
    "assign_points",
    "assigner_of",
    "details",
]
