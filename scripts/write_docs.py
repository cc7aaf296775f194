"""Write the parts of ``docs/`` that are generated from the code: ``make docs``.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end of NAME -->``; the rest is written by hand.
``tests/docs`` fails while a part differs from what is generated here.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

from gisgov.cli.main import gisgov
from gisgov.cli.output import Answer, answers, commands
from gisgov.config import Settings
from gisgov.paths import add_rooms, root
from scripts import rights_document

Schema = Mapping[str, Any]


def settings() -> str:
    """Return the table of all settings."""
    prefix = Settings.model_config["env_prefix"]
    lines = ["| variable | takes | default | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default in (None, ()) else f"`{field.default}`"
        lines.append(f"| `{prefix}{name.upper()}` | {_takes(field)} | {default} | {field.description} |")
    return "\n".join(lines)


def _takes(field: FieldInfo) -> str:
    words = {str: "text", SecretStr: "text", int: "whole number", float: "number"}
    words |= {Path: "path", bool: "true or false"}
    if get_origin(field.annotation) is tuple:
        return "texts, separated by commas"
    kinds = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not NoneType]
    return " or ".join(f"`{kind}`" if isinstance(kind, str) else words[kind] for kind in kinds)


def command_reference() -> str:
    """Return every command with its arguments and options."""
    return "\n\n".join("\n".join(_command(path, command)) for path, command in commands(gisgov))


def _command(path: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    pieces = " ".join(command.collect_usage_pieces(context))
    yield from (f"{'###' if path.count(' ') > 1 else '##'} {path}", "")
    yield from ("```", f"{path} {pieces}".rstrip(), "```", "")
    yield inspect.cleandoc(command.help or "").replace("\b\n", "").strip()
    records = [parameter.get_help_record(context) for parameter in command.params]
    options = [record for record in records if record is not None and record[1]]
    if options:
        yield from ("", "| option | meaning |", "|---|---|")
        yield from (f"| `{_in_table(names)}` | {_in_table(meaning)} |" for names, meaning in options)
    if isinstance(command, click.Group):
        yield from ("", "Commands: " + ", ".join(f"`{name}`" for name in command.list_commands(context)))


def json_reference() -> str:
    """Return the type of every ``--json`` answer, and all types once."""
    found = sorted(answers(gisgov), key=lambda answer: answer.command)
    mode: Literal["serialization"] = "serialization"
    adapters = [(answer.command, mode, TypeAdapter(answer.result)) for answer in found]
    roots, shared = TypeAdapter.json_schemas(adapters, ref_template="#/$defs/{model}")
    lines = ["## Commands", "", "| command | answers with |", "|---|---|"]
    lines += [f"| `{name}` | {_type(schema)} |" for (name, _), schema in roots.items()]
    lines += ["", "## Types"]
    meanings = _meanings(found)
    for name, schema in sorted(shared["$defs"].items()):
        lines += ["", *_type_section(name, schema, meanings.get(name, [""]))]
    return "\n".join(lines)


def _type_section(name: str, schema: Schema, documents: Sequence[str]) -> Iterator[str]:
    yield from (f"### {name}", "", _in_table(_as_json(documents[0].split("\n\n")[0])), "")
    if "enum" in schema:
        yield "One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + "."
        return
    said: dict[str, str] = {}
    for document in reversed(documents):
        said |= attribute_meanings(document)
    yield from ("| field | type | meaning |", "|---|---|---|")
    for field, held in schema.get("properties", {}).items():
        yield f"| `{field}` | {_type(held)} | {_in_table(_as_json(said.get(field, '')))} |"


def _type(schema: Schema) -> str:
    """Say a JSON Schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return "[" + ", ".join(_type(item) for item in schema["prefixItems"]) + "]"
        return f"array of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_type(schema['additionalProperties'])}"
    if "format" in schema:
        return f"{kind} ({schema['format']})"
    return str(kind or "any")


def _meanings(found: list[Answer]) -> dict[str, list[str]]:
    """Return the docstrings of every class that the answers hold and of those it rests on, by its name."""
    waiting: list[Any] = [answer.result for answer in found]
    classes: dict[type, list[str]] = {}
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        ours = isinstance(kind, type) and kind.__module__.startswith("gisgov.")
        if ours and kind not in classes:
            bases = [base for base in kind.__mro__ if base.__module__.startswith("gisgov.")]
            classes[kind] = [inspect.getdoc(base) or "" for base in bases]
            for base in bases:
                waiting += inspect.get_annotations(base, eval_str=True).values()
    return {kind.__name__: documents for kind, documents in classes.items()}


def attribute_meanings(document: str) -> dict[str, str]:
    """Return what a numpydoc docstring says of each attribute, on one line."""
    section = re.search(
        r"^(?:Attributes|Parameters)\n-+\n(.*?)(?=\n\n\S|\Z)",
        inspect.cleandoc(document),
        re.DOTALL | re.MULTILINE,
    )
    said: dict[str, str] = {}
    names: list[str] = []
    for line in section.group(1).splitlines() if section else []:
        if line[:1].strip():
            names = [name.strip() for name in line.partition(" : ")[0].split(",")]
        else:
            said |= {name: f"{said.get(name, '')} {line.strip()}".strip() for name in names}
    return said


def _in_table(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")


def _as_json(text: str) -> str:
    """Say in the words of JSON what a docstring says in those of Python."""
    words = {"None": "null", "True": "true", "False": "false"}
    return re.sub(r"\b(None|True|False)\b", lambda found: words[found.group()], text)


def street_classes() -> str:
    """Return the shipped table of street classes: what cuts the ground, as what, and what does not."""
    from fixtures import shipped
    from gisgov.governance.block_edges import EdgeTitle

    table = shipped.street_classes()
    lines = ["| file | edge class | 边界类型 | kinds |", "|---|---|---|---|"]
    for what, kinds in (("streets", table.streets), ("water", table.water), ("rail", table.rail)):
        for title in EdgeTitle:
            words = [kind for kind, edge_class in kinds.classes.items() if edge_class == title.edge_class]
            if words:
                lines.append(f"| {what} | `{title}` | {title.title_zh} | {', '.join(words)} |")
        lines.append(f"| {what} | cuts nothing | 不切割 | {', '.join(sorted(kinds.passed_over))} |")
    return "\n".join([*lines, "", f"Source: {table.source}"])


def population_policy() -> str:
    """Return the shipped figures of how many people live in what."""
    from fixtures import shipped

    policy = shipped.population_policy()
    lines = ["| figure | value |", "|---|---|"]
    figures = ("floor_m2_per_person", "people_per_household", "metres_per_floor", "floors_where_unknown")
    lines += [f"| `{name}` | {getattr(policy, name):g} |" for name in (*figures, "least_footprint_m2")]
    lines.append(f"| `height_columns` | {', '.join(policy.height_columns)} |")
    lines += ["", "| table | weight | words |", "|---|---|---|"]
    for name, weights in (("dwelling", policy.dwelling), ("land_use", policy.land_use)):
        for weight in sorted(set(weights.weights.values()), reverse=True):
            words = [word for word, own in weights.weights.items() if own == weight]
            lines.append(f"| `{name}` | {weight:g} | {', '.join(words)} |")
        lines.append(f"| `{name}` | {weights.unlisted:g} | any other word |")
        lines.append(f"| `{name}` | {weights.unknown:g} | no word |")
    return "\n".join([*lines, "", f"Source: {policy.source}"])


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "docs/configuration.md": {"settings": settings},
    "docs/cli.md": {"commands": command_reference},
    "docs/cli-json.md": {"answers": json_reference},
    "docs/rights.md": {"rights": rights_document.rights, "operations": rights_document.operations},
    "docs/blocks.md": {"street classes": street_classes, "population policy": population_policy},
}


def rewritten(document: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """Return a document with its generated parts made anew.

    Raises
    ------
    ValueError
        The document has no place for a part.
    """
    for name, generate in parts.items():
        begin, end = f"<!-- generated: {name} -->\n", f"\n<!-- end of {name} -->"
        before, found, rest = document.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found and found_end):
            raise ValueError(f"there is no place for {name!r}")
        document = before + begin + generate() + end + after
    return document


def main() -> int:
    """Rewrite all documents, and say which ones changed."""
    add_rooms()
    for name, parts in PARTS.items():
        path = root() / name
        before = path.read_text(encoding="utf-8")
        after = rewritten(before, parts)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"{name} rewritten", file=sys.stderr)  # noqa: T201 - a program's own words
    return 0


if __name__ == "__main__":
    sys.exit(main())
