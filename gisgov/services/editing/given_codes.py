"""Codes that planners give areas themselves: they follow the scheme, and were never another area's."""

from __future__ import annotations

import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError
from gisgov.governance.codes import parse_scheme
from gisgov.governance.names import name_problem
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.store.drafts import areas_by_code
from gisgov.store.drafts_codes import grounds_ever_in_force
from gisgov.store.layers import all_schemes

_FIELD = "code"


def require_code(
    connection: sa.Connection, draft: OpenDraft, code: str, ground: shapely.Geometry | None = None
) -> None:
    """Refuse a code for an area of a draft unless it may have it.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft.
    code : str
        The code.
    ground : shapely.Geometry, optional
        Ground of the area, EPSG:4326. A code that was in force for this very ground may come back.

    Raises
    ------
    InputError
        It is blank, has blanks around it or characters that cannot be seen, or does not follow the scheme of
        the layer.
    ConflictError
        Another area of the draft has it, or it was in force for other ground: codes are not given twice.
    """
    problem = name_problem(code)
    if problem is not None:
        raise InputError(f"The code {code!r} {problem}.", field=_FIELD)
    if draft.layer.code_scheme is not None:
        scheme = parse_scheme(all_schemes(connection)[draft.layer.code_scheme], draft.layer.code_scheme)
        problem = scheme.problem(code)
        if problem is not None:
            raise InputError(
                f"The code {code!r} does not follow the scheme of the layer: {problem}.", field=_FIELD
            )
    if areas_by_code(connection, draft.id, [code]):
        raise ConflictError(f"Draft {draft.plan.name!r} has an area {code!r} already.", field=_FIELD)
    former = grounds_ever_in_force(connection, draft.plan.layer_id, code)
    if len(former) and (ground is None or not shapely.equals(former, ground).any()):
        raise ConflictError(
            f"The code {code!r} was in force for other ground, and codes are not given twice.",
            hint="Give another code, or none: the scheme of the layer makes one.",
            field=_FIELD,
        )
