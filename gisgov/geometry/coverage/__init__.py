"""The coverage check: proof that areas cover a scope once, or every defect that keeps them from it.

`certify` proves in one pass that there is no gap, no overlap and nothing outside. `find_defects` names
what is wrong, as polygons with the areas involved. Both compare the coordinates given, so a layer is checked
in the system it was drawn in: a border that is straight there is bent elsewhere.
"""

from gisgov.geometry.coverage.certificate import Certificate, certify
from gisgov.geometry.coverage.defects import STORED, DefectKind, Defects, Tolerances
from gisgov.geometry.coverage.finding import find_defects
from gisgov.geometry.coverage.scope_noding import node_scope

__all__ = [
    "STORED",
    "Certificate",
    "DefectKind",
    "Defects",
    "Tolerances",
    "certify",
    "find_defects",
    "node_scope",
]
