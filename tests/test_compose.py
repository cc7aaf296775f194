"""docker-compose.yml and the Dockerfile, as far as they can be held to something without a Docker engine."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from gisgov.cli.listening import listening_of
from gisgov.config import Settings, load_settings
from gisgov.paths import root


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root() / "docker-compose.yml").read_text("utf-8"))
    return loaded


def test_it_is_a_compose_file() -> None:
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
        ],
        cwd=root(),
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout


def test_no_service_starts_without_a_password_and_none_is_written(compose: dict[str, Any]) -> None:
    given = [
        value
        for service in compose["services"].values()
        for name, value in service["environment"].items()
        if "PASSWORD" in name
    ]

    assert len(given) == 4
    assert all(re.fullmatch(r"\$\{GISGOV_DATABASE_PASSWORD:\?.+\}", value) for value in given)
    urls = [service["environment"].get("GISGOV_DATABASE_URL", "") for service in compose["services"].values()]
    assert not any(re.search(r"//[^/@]*:[^/@]*@", url) for url in urls)


def test_the_service_is_published_on_loopback_and_the_database_nowhere(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert [port.split(":")[0] for port in services["gisgov"]["ports"]] == ["127.0.0.1"]
    assert "ports" not in services["database"]
    assert services["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_each_lasting_service_is_watched_and_starts_in_order(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert services["database"]["image"] == "postgis/postgis:17-3.5"
    assert {name for name, service in services.items() if "healthcheck" in service} == {"database", "gisgov"}
    for name in ("gisgov", "worker"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["gisgov"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_settings_that_exist_are_set(compose: dict[str, Any]) -> None:
    known = {f"GISGOV_{name.upper()}" for name in Settings.model_fields}
    for service in compose["services"].values():
        assert {name for name in service["environment"] if name.startswith("GISGOV_")} <= known


def test_what_the_image_copies_is_there_and_let_in() -> None:
    dockerfile = (root() / "Dockerfile").read_text("utf-8")
    let_in = {
        line[1:] for line in (root() / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"
    }
    copied = {
        source.split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, flags=re.MULTILINE)
        for source in line.split()[:-1]
    }

    assert copied == let_in
    assert all((root() / source).exists() for source in copied)


def test_the_images_python_is_the_one_its_paths_name() -> None:
    dockerfile = (root() / "Dockerfile").read_text("utf-8")

    versions = set(re.findall(r"python:?(3\.\d+)", dockerfile))
    assert len(versions) == 1
    assert re.search(r"^USER gisgov$", dockerfile, flags=re.MULTILINE)


def test_the_service_may_start_with_what_it_is_given(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = compose["services"]["gisgov"]["environment"]
    for name, value in given.items():
        if name.startswith("GISGOV_"):
            monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*)\}", r"\1", value))
    listening = listening_of(load_settings())
    assert (listening.host, listening.tls) == ("0.0.0.0", None)  # noqa: S104
    assert load_settings().oidc_issuer is None


def test_jobs_are_done_by_workers_that_see_the_same_files(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["worker"]["command"] == ["gisgov", "worker"]
    assert services["gisgov"]["environment"]["GISGOV_SERVE_WORKER"] == "false"
    assert set(services["worker"]["volumes"]) == set(services["gisgov"]["volumes"])
    assert "ports" not in services["worker"]
