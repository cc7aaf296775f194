"""``gisgov map devices`` and ``vacancies``: what stands in areas and works, and who is missing there."""

from __future__ import annotations

from typing import Any

import click

from gisgov.cli.map_drawing import Drawing, Sheet, sheet_options


@click.command
@sheet_options
def devices(**asked: Any) -> None:
    """Draw cameras and other devices by state, and the share that is online by area."""
    drawing = Drawing("devices", Sheet(**asked))
    from gisgov.work import map_questions

    drawing.finish(map_questions.devices(drawing.ground))


@click.command
@sheet_options
def vacancies(**asked: Any) -> None:
    """Draw the posts that areas lack by their layer's formula, and the share that is filled."""
    drawing = Drawing("vacancies", Sheet(**asked))
    from gisgov.work import map_questions

    drawing.finish(map_questions.vacancies(drawing.ground))
