"""Use cases: propose decisions for the defects of a file, and apply them as a new file."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from gisgov.errors import InputError
from gisgov.geometry.repair import Rule
from gisgov.services.file_checks import ask_file
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.applying import apply_table
from gisgov.services.repairing.cases import RepairCase, choice_of, unlike_codes
from gisgov.services.repairing.judging import made_for_of_table
from gisgov.services.repairing.people import PeopleFile, people_of_file
from gisgov.services.repairing.proposal_files import read_proposals, refuse_table
from gisgov.services.repairing.proposing import RULES, ProposalReport, propose_repair
from gisgov.services.repairing.repaired_files import refuse_place, write_repaired
from gisgov.services.repairing.reports import RepairReport, report
from gisgov.services.tolerances import ToleranceChoice
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class FileAsked:
    """A file with areas and what they are held against; see `gisgov.services.file_checks.check_file`.

    Attributes
    ----------
    file : GroundFile
        The file.
    scope : GroundFile or None
        The ground that its areas are to cover.
    parents : GroundFile or None
        The areas that each is to lie in.
    parent_field : str or None
        Field that names the parent of each area.
    must_cover : bool
        False for an overlay: gaps are no defects.
    configured_crs : str or None
        Plane to measure in, instead of the one chosen by place.
    """

    file: GroundFile
    scope: GroundFile | None = None
    parents: GroundFile | None = None
    parent_field: str | None = None
    must_cover: bool = True
    configured_crs: str | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are read."""
        return tuple(one.path for one in (self.file, self.scope, self.parents) if one is not None)

    def case(self, tolerances: ToleranceChoice | None) -> RepairCase:
        """Read the file; areas of equal codes are told apart by their rows."""
        asked = ask_file(
            self.file,
            scope=self.scope,
            parents=self.parents,
            parent_field=self.parent_field,
            must_cover=self.must_cover,
            tolerances=tolerances,
            configured_crs=self.configured_crs,
        )
        codes = unlike_codes(asked.question.labels, range(1, len(asked.question.labels) + 1))
        return RepairCase(replace(asked, question=replace(asked.question, labels=codes)))


def propose_for_file(
    asked: FileAsked,
    out: Path,
    *,
    rule: str = RULES[0],
    people: PeopleFile | None = None,
    tolerances: ToleranceChoice | None = None,
    progress: Progress = silent,
) -> ProposalReport:
    """Propose a decision for every defect of a file, and write them as a table.

    Parameters
    ----------
    asked : FileAsked
        The file.
    out : pathlib.Path
        The table to write (`gisgov.services.repairing.proposal_files.write_proposals`).
    rule : str
        One of `RULES`: who gets ground that several areas could have.
    people : PeopleFile, optional
        Where people are, for the rule of the nearest people.
    tolerances : ToleranceChoice, optional
        What is narrow or small.
    progress : Progress
        Told how the search advances.

    Raises
    ------
    FileError, CrsError, CoordinateError, InputError
        See `gisgov.services.file_checks.check_file`; also when the rule needs people and has none,
        or there is a file already where the table goes.
    """
    began = time.monotonic()
    refuse_table(out)
    if rule == Rule.NEAREST_PEOPLE and people is None:
        raise InputError(
            "To give ground to the area of the nearest people, the places of people must be given.",
            hint="Say --people FILE, or choose another --rule.",
            field="people",
        )
    case = asked.case(tolerances)
    who = None if people is None else people_of_file(people, case.question.system)
    return propose_repair(case, out, rule=rule, people=who, began=began, progress=progress)


def repair_file(
    asked: FileAsked,
    proposals: Path,
    out: Path,
    *,
    accept_all: bool = False,
    progress: Progress = silent,
) -> RepairReport:
    """Apply proposals to a file as a new file; the file itself stays as it is.

    Parameters
    ----------
    asked : FileAsked
        The file, asked for as when the proposals were made.
    proposals : pathlib.Path
        The edited table.
    out : pathlib.Path
        Where to (`gisgov.services.repairing.repaired_files.write_repaired`).
    accept_all : bool
        Take rows that say neither yes nor no as accepted.
    progress : Progress
        Told of the checks and the decisions.

    Raises
    ------
    RowsRefused
        The table has errors; nothing is written.
    ConflictError
        It was made for other content.
    FileError, CrsError, CoordinateError, InputError
        A file cannot be used, or something would be lost by writing there.
    """
    began = time.monotonic()
    refuse_place(out, *asked.paths, proposals)
    table = read_proposals(proposals)
    made_for = made_for_of_table(table)
    case = asked.case(choice_of(made_for, table.name) if made_for else None)
    if made_for:
        case.refuse_others(made_for, table.name)
    applied = apply_table(case, table, accept_all=accept_all, progress=progress)
    made = write_repaired(applied, asked.file.path, asked.file.layer, out)
    return report(applied, result=str(out), written=made, seconds=time.monotonic() - began)
