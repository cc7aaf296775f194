"""Forms with files: what they hold, and what is no form."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from api.problems import Refusal
from api.uploads import Form, Upload, read_form
from gisgov.errors import FileError


def part(name: str, content: bytes, filename: str | None = None, more: str = "") -> bytes:
    given = "" if filename is None else f'; filename="{filename}"'
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{given}\r\n{more}\r\n'
    return head.encode() + content + b"\r\n"


END = b"--x--\r\n"


def read(
    folder: Path, body: bytes, *, chunk: int = 7, most: int = 100_000, length: int | None = None
) -> Form:
    """Read a form whose bytes come a few at a time."""

    async def receive() -> Any:
        return next(messages)

    pieces = [body[i : i + chunk] for i in range(0, len(body), chunk)] or [b""]
    messages = iter(
        {"type": "http.request", "body": one, "more_body": i < len(pieces)} for i, one in enumerate(pieces, 1)
    )
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)

    def store_as(name: str, given: str) -> str:
        if given.endswith(".exe"):
            raise FileError(f"{given} is no map.")
        return f"stored-{name}"

    return asyncio.run(
        read_form(request, folder, files=("file", "scope"), store_as=store_as, most_bytes=most)
    )


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_texts_and_files_are_told_apart_however_they_come(tmp_path: Path, chunk: int) -> None:
    content = bytes(range(256)) * 10 + b"\r\n--"
    body = (
        part("crs", "国家".encode())
        + part("file", content, "网格.gpkg", "Content-Type: application/x-any\r\n")
        + part("scope", b"440306")
        + END
    )
    form = read(tmp_path, body, chunk=chunk)
    assert form.texts == [("crs", "国家"), ("scope", "440306")]
    assert form.files == [("file", Upload("stored-file", "网格.gpkg", len(content)))]
    assert (tmp_path / "stored-file").read_bytes() == content


def test_a_field_in_which_no_file_was_chosen_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, part("file", b"", "") + END) == Form()
    assert list(tmp_path.iterdir()) == []


def test_names_of_files_lose_their_folders(tmp_path: Path) -> None:
    body = part("file", b"a", "../../etc/passwd.gpkg") + part("scope", b"b", "C:\\\\maps\\\\范围.json") + END
    assert [one.given for _, one in read(tmp_path, body).files] == ["passwd.gpkg", "范围.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stored-file", "stored-scope"]


def test_very_long_names_keep_their_suffix(tmp_path: Path) -> None:
    (_, one), *_ = read(tmp_path, part("file", b"a", "x" * 500 + ".gpkg") + END).files
    assert len(one.given) == 120
    assert one.given.endswith("x.gpkg")


def test_texts_of_old_chinese_systems_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, part("crs", "国家".encode("gb18030")) + END).texts == [("crs", "国家")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (part("colour", b"a", "a.gpkg") + END, "colour is no file of this form; it takes file, scope."),
        (part("file", b"a", "a.gpkg") + part("file", b"b", "b.gpkg") + END, "The form has file twice."),
        (part("crs", b"x" * 9000) + END, "crs is longer than 8,192 bytes."),
        (b"".join(part("crs", b"x") for _ in range(61)) + END, "The form has more than 60 fields."),
        (
            part("crs", b"x", more=f"X-Long: {'x' * 9000}\r\n") + END,
            "The body is no multipart form.",
        ),
        (part("file", b"a", "a.gpkg"), "The multipart form breaks off."),
        (b"", "The multipart form breaks off."),
        (b"anything", "The body is no multipart form."),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, body: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=f"^{says}$"):
        read(tmp_path, body)


def test_a_name_that_is_refused_ends_the_reading(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"virus\.exe is no map"):
        read(tmp_path, part("file", b"a", "virus.exe") + END)
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_is_refused_by_its_length_and_by_its_bytes(tmp_path: Path) -> None:
    body = part("file", b"x" * 5000, "a.gpkg") + END
    with pytest.raises(Refusal, match="larger than 1,000 bytes"):
        read(tmp_path, b"", most=1000, length=len(body))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Refusal, match="larger than 1,000 bytes"):
        read(tmp_path, body, most=1000)
    assert (tmp_path / "stored-file").stat().st_size <= 1000


def test_a_caller_who_goes_away_is_no_fault(tmp_path: Path) -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    reading = read_form(request, tmp_path, files=(), store_as=lambda *_: "", most_bytes=1)
    with pytest.raises(Refusal, match="no multipart form"):
        asyncio.run(reading)
