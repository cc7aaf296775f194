"""Who makes the change of each kind of operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa

from gisgov.services.editing.change import Change
from gisgov.services.editing.dividing import make_split
from gisgov.services.editing.filling import make_fill
from gisgov.services.editing.history import make_redo, make_restore, make_undo
from gisgov.services.editing.moving import make_move_border
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.rebasing import make_rebase
from gisgov.services.editing.redivisions import make_redivide
from gisgov.services.editing.simple_changes import (
    make_assign,
    make_lock,
    make_merge,
    make_new_area,
    make_rename,
    make_unlock,
)
from gisgov.services.exchange.assigning import make_import_assignments

Maker: TypeAlias = Callable[[sa.Connection, OpenDraft, Any], Change]
"""Finds out what an operation changes in a draft, and writes nothing but blocks that it cuts."""

MAKERS: dict[str, Maker] = {
    "assign": make_assign,
    "new-area": make_new_area,
    "merge": make_merge,
    "rename": make_rename,
    "lock": make_lock,
    "unlock": make_unlock,
    "import-assignments": make_import_assignments,
    "split": make_split,
    "move-border": make_move_border,
    "redivide": make_redivide,
    "fill": make_fill,
    "undo": make_undo,
    "redo": make_redo,
    "restore": make_restore,
    "rebase": make_rebase,
}
"""By the kind of operation."""
