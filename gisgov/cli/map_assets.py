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
    from gisgov.services.devices.drawing import device_frames
    from maps import devices as drawer

    frames = device_frames(
        drawing.database,
        drawing.layer,
        drawing.at,
        timezone=drawing.zone,
        language=drawing.sheet.language,
    )
    shown = drawing.grids[drawing.grids["code"].isin(set(frames.counted["code"]))].reset_index(drop=True)
    document = drawer.document(
        frames.devices,
        frames.counted,
        shown,
        kinds=frames.kinds,
        heard=frames.heard,
        outside=frames.outside,
        **drawing.words(),
    )
    drawing.finish(document)


@click.command
@sheet_options
def vacancies(**asked: Any) -> None:
    """Draw the posts that areas lack by their layer's formula, and the share that is filled."""
    drawing = Drawing("vacancies", Sheet(**asked))
    from gisgov.services.staffing.figures import layer_posts, posts_frame
    from maps import vacancies as drawer

    posts = layer_posts(drawing.database, drawing.layer, at=drawing.at)
    document = drawer.document(
        posts_frame(posts), drawing.grids, roles=posts.roles, formula=posts.formula, **drawing.words()
    )
    drawing.finish(document)
