"""A check of a coverage: the question put to `gisgov.geometry.coverage`, its answer in codes and metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gisgov.geometry.coverage import Certificate, DefectKind
from gisgov.services.coverage_questions import Examination
from gisgov.services.defect_reports import MISSING_PARENT, NOTICES, CheckReport, counted, noticed
from gisgov.services.defect_telling import told_all
from gisgov.services.point_checks import PartitionAreas, PointSet, hold_points
from gisgov.services.tolerances import told
from gisgov.types import Progress, silent

__all__ = ["AskedCoverage", "Examination", "examine", "told_all"]

_ORDER = (*(kind.value for kind in DefectKind), MISSING_PARENT)


@dataclass(frozen=True, slots=True, eq=False)
class AskedCoverage:
    """A coverage to be checked, and what a report says of it.

    Attributes
    ----------
    question : Examination
        What to check.
    subject : str
        Name of the plan or of the file.
    layer : str or None
        Name of its layer.
    scope : str
        What it is to cover, in words.
    parents : str or None
        What it is to lie in, in words.
    """

    question: Examination
    subject: str
    layer: str | None
    scope: str
    parents: str | None

    def report(self, progress: Progress = silent, points: Sequence[PointSet] = ()) -> CheckReport:
        """Check it, and hold points in its coordinates against its areas; see `examine`."""
        asked = self.question
        report = examine(
            asked,
            subject=self.subject,
            layer=self.layer,
            scope=self.scope,
            parents=self.parents,
            progress=progress,
        )
        if not points:
            return report
        shapes = asked.shapes(np.arange(len(asked.areas)))
        partition = PartitionAreas(self.subject, shapes, asked.labels, asked.system, asked.working)
        return replace(report, points=hold_points(points, [partition], first=len(report.defects) + 1))


def examine(
    question: Examination,
    *,
    subject: str,
    layer: str | None,
    scope: str,
    parents: str | None,
    progress: Progress = silent,
) -> CheckReport:
    """Check a coverage and tell what was found.

    Parameters
    ----------
    question : Examination
        What to check.
    subject, layer, scope, parents : str
        What the report says of them.
    progress : Progress
        Told how the check advances.

    Raises
    ------
    InputError
        The scope is no valid polygon.
    """
    findings = question.find(progress)
    found = findings.defects
    defects = told_all(question, found)
    counts = dict.fromkeys(_judged(question), 0)
    ground_m2 = dict.fromkeys(counts, 0.0)
    for defect in defects:
        counts[defect.kind] += 1
        ground_m2[defect.kind] += defect.area_m2
    certificate = found.certificate
    return CheckReport(
        subject=subject,
        layer=layer,
        areas=len(question.areas),
        scope=scope,
        parents=parents,
        crs=question.system.name,
        measured_in=question.working.name,
        clean=not any(defect.is_fault for defect in defects),
        certified=certificate is not None and certificate.holds,
        certificate=None if certificate is None else certificate.figure,
        proof=_proof(certificate, question, counts, findings.scope_vertices),
        tolerances=told(question.tolerances),
        counts=counts,
        ground_m2={kind: round(total, 3) for kind, total in ground_m2.items()},
        below=dict(found.below),
        defects=defects,
    )


def _noded(scope_vertices: int) -> str:
    if not scope_vertices:
        return ""
    what = "1 corner of theirs was" if scope_vertices == 1 else f"{scope_vertices:,} corners of theirs were"
    return f"; {what} put into its border, which had no vertex there"


def _judged(question: Examination) -> tuple[str, ...]:
    left_out = set()
    if not question.must_cover:
        left_out.add(DefectKind.GAP.value)
    if question.scope is None:
        left_out.add(DefectKind.OUTSIDE.value)
    if question.parents is None:
        left_out |= {DefectKind.CROSSES_PARENT.value, MISSING_PARENT}
    return tuple(kind for kind in _ORDER if kind not in left_out)


def _proof(
    certificate: Certificate | None, question: Examination, counts: dict[str, int], scope_vertices: int
) -> str:
    if certificate is None:
        return "nothing is proved: there is no scope that the areas are to cover"
    if certificate.holds:
        return (
            f"proved: every one of {certificate.edges:,} directed edges cancels, so the areas cover the "
            f"scope exactly once{_noded(scope_vertices)}"
        )
    if certificate.unsound:
        count = len(certificate.unsound)
        what = "1 area is no sound polygon" if count == 1 else f"{count:,} areas are no sound polygons"
        return f"not proved: {what}"
    if not question.must_cover:
        return "not proved: an overlay leaves ground of the scope uncovered"
    has_faults = any(count for kind, count in counts.items() if kind not in NOTICES)
    along = counted(counts) if has_faults else noticed(counts) or "ground below the tolerances"
    return f"not proved: of {certificate.edges:,} directed edges those along {along} do not cancel"
