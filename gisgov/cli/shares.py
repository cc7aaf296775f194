"""Shares on the command line: ``5%`` or ``0.05``."""

from __future__ import annotations

import math
from typing import Any, Final

import click


class Share(click.ParamType[float]):
    """A share, written as a percentage or as a number from 0 to 1."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share as a number."""
        text = str(value).strip()
        number, is_percent = text.removesuffix("%"), text.endswith("%")
        try:
            share = float(number) / (100 if is_percent else 1)
        except ValueError:
            self.fail(f"{text!r} is no share; write 5% or 0.05.", param, ctx)
        if not (math.isfinite(share) and 0 <= share <= 1):
            self.fail(f"{text!r} is no share from 0 to 1; write 5% or 0.05.", param, ctx)
        return share


SHARE: Final = Share()
