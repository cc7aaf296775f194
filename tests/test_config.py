from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from gisgov.config import Settings, load_settings
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
