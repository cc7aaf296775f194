"""``gisgov policy``: policies that are documents (time limits and the like)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import open_database
from gisgov.paths import add_rooms
from gisgov.services.policies import KINDS, PolicyAdopted, PolicyInfo, adopt_policy, list_policies

_KIND = click.Choice(sorted(KINDS))


@dataclass(frozen=True, slots=True)
class PolicyList:
    """Answer of ``gisgov policy list``.

    Attributes
    ----------
    policies : tuple of PolicyInfo
        By kind, the latest first.
    """

    policies: tuple[PolicyInfo, ...]


@click.group
def policy() -> None:
    """List policies that are documents, and adopt new ones."""


@policy.command("list")
@click.option("--kind", type=_KIND, help="Only policies of this kind.")
@json_option(PolicyList)
def list_(kind: str | None, as_json: bool) -> None:
    """List the policies in force and those before them."""
    answer = PolicyList(list_policies(open_database(), kind))
    emit(answer, as_json=as_json, text=_describe)


@policy.command
@click.argument("kind", type=_KIND)
@click.argument("file", type=FILE)
@json_option(PolicyAdopted)
def adopt(kind: str, file: Path, as_json: bool) -> None:
    """Adopt the policy of FILE (YAML or TOML): from now on it is in force.

    The examples below fixtures/ show every key. Policies are kept under their version for good: a changed
    policy needs a version of its own.
    """
    add_rooms()
    from fixtures.shipped import read_document

    answer = adopt_policy(open_database(), kind, read_document(file), file.name)
    emit(answer, as_json=as_json, text=_describe_adopted)


def _describe(answer: PolicyList) -> str:
    rows = [
        (
            one.kind,
            one.version,
            one.title_zh,
            "in force" if one.is_in_force else "",
            "shipped" if one.adopted_at is None else f"{one.adopted_at:%Y-%m-%d %H:%M}",
            "example" if one.is_example else "",
        )
        for one in answer.policies
    ]
    return table(("kind", "version", "title", "", "adopted", ""), rows)


def _describe_adopted(answer: PolicyAdopted) -> str:
    told = "adopted, and in force from now on" if answer.is_new else "was in force already"
    return f"{answer.policy.kind} {answer.policy.version} ({answer.policy.title_zh}): {told}."
