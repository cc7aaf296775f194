"""``gisgov layers``: the layer set of a district."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import load_settings, open_database
from gisgov.services.layers import LayerDetail, LayerInfo, list_layers, show_layer
from gisgov.services.loading import LayersLoaded, load_profile


@click.group
def layers() -> None:
    """List the layers, or load a layer set from a profile."""


@layers.command("list")
@json_option(tuple[LayerInfo, ...])
def list_(as_json: bool) -> None:
    """List all layers, parents before their children."""
    emit(list_layers(open_database()), as_json=as_json, text=_listed)


@layers.command
@click.argument("profile")
@json_option(LayersLoaded)
def load(profile: str, as_json: bool) -> None:
    """Load the layers and code schemes of a profile.

    PROFILE is the name of a shipped profile, or a YAML or TOML file. Loading it again changes nothing;
    layers that it does not name stay as they are.
    """
    from fixtures import shipped

    loaded = load_profile(open_database(), shipped.profile(profile))
    emit(loaded, as_json=as_json, text=_loaded)


@layers.command
@click.argument("name")
@click.option("--at", metavar="DATE", help="Plans in force on this day; today by default.")
@json_option(LayerDetail)
def show(name: str, at: str | None, as_json: bool) -> None:
    """Show one layer with its code scheme and its plans."""
    from gisgov.services.days import parse_day

    settings = load_settings()
    day = parse_day(at, ZoneInfo(settings.timezone))
    emit(show_layer(open_database(settings), name, at=day), as_json=as_json, text=_shown)


def _listed(found: tuple[LayerInfo, ...]) -> str:
    if not found:
        return "There are no layers yet: load a profile with `gisgov layers load`."
    rows = [
        (one.name, one.title_zh, one.title_en, one.kind, one.parent, one.nesting, one.code_scheme)
        for one in found
    ]
    return table(("layer", "名称", "title", "kind", "parent", "nesting", "code scheme"), rows)


def _loaded(done: LayersLoaded) -> str:
    lines = [f"Profile {done.profile}:"]
    for what, entries in (("layer", done.layers), ("code scheme", done.code_schemes)):
        for entry in entries:
            fields = f" ({', '.join(entry.fields)})" if entry.fields else ""
            lines.append(f"  {what} {entry.name}: {entry.change}{fields}")
    if done.others:
        lines.append(f"  not in the profile, left as they are: {', '.join(done.others)}")
    return "\n".join(lines)


def _shown(detail: LayerDetail) -> str:
    layer = detail.layer
    facts = [
        ("layer", f"{layer.name}  {layer.title_zh}  {layer.title_en}"),
        ("kind", layer.kind),
        ("parent", f"{layer.parent} ({layer.nesting})" if layer.parent else None),
        ("children", ", ".join(detail.children) or None),
        ("code scheme", layer.code_scheme),
        ("targets", _targets(layer)),
        ("staffing", layer.staffing),
        (f"in force {detail.at}", ", ".join(plan.name for plan in detail.in_force) or None),
        ("drafts", ", ".join(detail.drafts) or None),
    ]
    width = max(len(name) for name, _ in facts)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts if value is not None)


def _targets(layer: LayerInfo) -> str | None:
    targets = layer.targets
    if targets is None:
        return None
    parts = []
    if targets.area_km2 is not None:
        parts.append(f"{targets.area_km2:g} km² (weight {targets.weight_area:g})")
    if targets.population is not None:
        parts.append(f"{targets.population:,} people (weight {targets.weight_population:g})")
    return ", ".join(parts)
