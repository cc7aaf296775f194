from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from gisgov.config import Settings, basemap_of, load_settings
from gisgov.errors import InputError


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GISGOV_DATABASE_URL")


def test_without_variables_the_defaults_hold() -> None:
    settings = load_settings()

    assert (settings.database_url, settings.home, settings.pg_bin) == (None, None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.timezone == "Asia/Shanghai"
    assert settings.basemap_url is None
    assert basemap_of(settings) is None


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GISGOV_DATABASE_URL", "postgresql://db.example/town")
    monkeypatch.setenv("GISGOV_HOME", "/srv/gisgov")
    monkeypatch.setenv("GISGOV_PORT", "9000")

    settings = load_settings()

    assert settings.database_url == "postgresql://db.example/town"
    assert settings.home == Path("/srv/gisgov")
    assert settings.port == 9000


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("GISGOV_PORT", "70000", "GISGOV_PORT: Input should be less than or equal to 65535"),
        ("GISGOV_TIMEZONE", "Mars/Olympus", "^GISGOV_TIMEZONE: no time zone is called 'Mars/Olympus'"),
        ("GISGOV_TIMEZONE", "../etc/passwd", "GISGOV_TIMEZONE"),
        (
            "GISGOV_LOG_LEVEL",
            "loud",
            "GISGOV_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(InputError, match=rf"{says}.*See docs/configuration\.md"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "GISGOV_DATABSE_URL",
            "^GISGOV_DATABSE_URL is not a setting of gisgov. Did you mean GISGOV_DATABASE_URL?",
        ),
        ("GISGOV_TIMEZON", "Did you mean GISGOV_TIMEZONE?"),
        ("GISGOV_XYZZY", "^GISGOV_XYZZY is not a setting of gisgov. See docs/configuration"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    monkeypatch.setenv(name, "anything")

    with pytest.raises(InputError, match=says.replace("?", r"\?")):
        load_settings()


@pytest.mark.parametrize("name", ["GISGOV_DATABASE_PASSWORD", "GISGOV_REALDATA", "GISGOVERNMENT"])
def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "anything")

    assert load_settings() == Settings()


def test_settings_are_made_once() -> None:
    settings = Settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "key", "says"),
    [
        ("https://tiles.example/{z}/{x}.png", "", "no address of tiles"),
        ("file:///etc/{z}/{x}/{y}", "", "no address of tiles"),
        ("https://tiles.example/{z}/{x}/{y}?tk={key}", "", "a place for a {key}, and none is given"),
        ("https://tiles.example/{z}/{x}/{y}/{token}", "k", "nothing is known to stand for {token}"),
        ("https://t{7-0}.tiles.example/{z}/{x}/{y}", "", "nothing is known to stand for {7-0}"),
    ],
)
def test_a_basemap_that_cannot_be_asked_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, url: str, key: str, says: str
) -> None:
    monkeypatch.setenv("GISGOV_BASEMAP_URL", url)
    monkeypatch.setenv("GISGOV_BASEMAP_KEY", key)

    with pytest.raises(InputError, match=re.escape(says)):
        load_settings()


def test_the_key_of_a_basemap_may_stand_in_a_file_and_is_told_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("MARK-key-in-a-file\n", encoding="utf-8")
    monkeypatch.setenv("GISGOV_BASEMAP_URL", "https://t{0-7}.tiles.example/{z}/{x}/{y}?tk={key}")
    monkeypatch.setenv("GISGOV_BASEMAP_KEY_FILE", str(tmp_path / "key"))

    settings = load_settings()
    basemap = basemap_of(settings)

    assert basemap is not None
    assert basemap.address(0, 4, 3, 7) == "https://t2.tiles.example/4/3/7?tk=MARK-key-in-a-file"
    assert "MARK" not in f"{settings!r} {basemap!r}"
    assert "tiles.example" not in repr(settings)
    monkeypatch.setenv("GISGOV_BASEMAP_KEY", "another-one")
    with pytest.raises(InputError, match="both name a secret"):
        load_settings()
