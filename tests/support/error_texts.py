"""What errors and faults of rows say, as the code has it: texts with `{}` where something is filled in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from gisgov import errors

FIELDS = ("message", "hint")
PLACES = {"RowProblem": 3, "fault": 1}
"""Which argument of a call is what is told of a row."""

VERBS = ("has ", "have ", "names ", "is ", "lies ", "ends ", "cannot ")


def error_texts(files: Iterable[Path]) -> dict[str, str]:
    """Return the texts and hints of all errors that files make, and where each stands first."""
    found: dict[str, str] = {}
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for scope in _scopes(tree):
            named = _named_texts(scope)
            for call in _calls(scope):
                for given in _given(call):
                    for text in _texts(given, named):
                        found.setdefault(text, f"{file.name}:{call.lineno}")
    return found


def row_texts(files: Iterable[Path]) -> dict[str, str]:
    """Return what files say of rows: texts that begin with a verb, for the row is who has, names or lies."""
    found: dict[str, str] = {}
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        parts = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
        for one in ast.walk(tree):
            if isinstance(one, ast.JoinedStr | ast.Constant) and id(one) not in parts:
                text = _template(one)
                if text is not None and text.startswith(VERBS):
                    found.setdefault(text, f"{file.name}:{one.lineno}")
    return found


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    yield tree
    yield from (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def _named_texts(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what is assigned to names in a scope, as `told = "…"` before `raise InputError(told)`."""
    named: dict[str, list[ast.expr]] = {}
    for one in ast.walk(scope):
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            named.setdefault(one.targets[0].id, []).append(one.value)
    return named


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    for one in ast.walk(scope):
        if isinstance(one, ast.Call) and (
            isinstance(getattr(errors, _name(one), None), type) or _name(one) in PLACES
        ):
            yield one


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _given(call: ast.Call) -> Iterator[ast.expr]:
    place = PLACES.get(_name(call), 0)
    yield from call.args[place : place + 1]
    yield from (one.value for one in call.keywords if one.arg in FIELDS)


def _texts(given: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(given, ast.IfExp):
        yield from _texts(given.body, named)
        yield from _texts(given.orelse, named)
    elif isinstance(given, ast.Name):
        for value in named.get(given.id, []):
            yield from _texts(value, {})
    elif (text := _template(given)) is not None and _is_said(text):
        yield text


def _is_said(text: str) -> bool:
    """Whether it says something: a name does not, nor what only joins others."""
    return " " in text and any(letter.isalpha() for letter in text)


def _template(given: ast.expr) -> str | None:
    if isinstance(given, ast.Constant):
        return given.value if isinstance(given.value, str) else None
    if isinstance(given, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in given.values)
    if isinstance(given, ast.BinOp) and isinstance(given.op, ast.Add):
        left, right = _template(given.left), _template(given.right)
        return left + right if left is not None and right is not None else None
    return None
