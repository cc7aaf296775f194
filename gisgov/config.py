"""Settings, read once at the edges from ``GISGOV_*`` in the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gisgov.config_checks import (
    basemap_of,
    keep_secrets_of,
    refuse_half_sign_on,
    refuse_unknown,
    sign_on_secret,
)
from gisgov.errors import InputError
from gisgov.hosts import host_names, is_private_enough, networks

__all__ = ["Settings", "basemap_of", "load_settings", "sign_on_secret"]

_PREFIX = "GISGOV_"


class Settings(BaseSettings):
    """All settings of gisgov; docs/configuration.md lists each one."""

    # docker-compose.yml hands on as empty what is not set
    model_config = SettingsConfigDict(
        env_prefix="GISGOV_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL URL of a real server. Unset: the private database that gisgov starts itself.",
    )
    home: Path | None = Field(
        default=None,
        description="Folder of the private database. "
        "Unset: `.gisgov/` in the checkout, or a folder of its own per checkout where that cannot be used.",
    )
    pg_bin: Path | None = Field(
        default=None,
        description="Folder of PostgreSQL's programs. Unset: the newest installed one that has PostGIS.",
    )
    timezone: str = Field(
        default="Asia/Shanghai",
        description="Time zone (IANA name) of dates: "
        "decides on which day an event happened, and dates without a zone.",
    )
    working_crs: str | None = Field(
        default=None,
        description="CRS that areas and lengths are measured in. "
        "Unset: the CGCS2000 3-degree zone of the scope's centre inside China, a UTM zone elsewhere.",
    )
    event_building_m: float = Field(
        default=15.0,
        ge=0.0,
        le=200.0,
        description="How far from a building an event may lie, in metres, and still concern it where no "
        "building covers its place: the nearest one. An event farther from all of them concerns none.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address that `gisgov serve` listens on. One that others can reach takes TLS or a proxy, "
        "and the names in `GISGOV_HOSTS`.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port that `gisgov serve` listens on.")
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="How many processes of `gisgov serve` answer, all on one port; as many as the machine "
        "has processors to spare.",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names that the service answers under besides those of loopback, separated by commas: "
        "`grid.example.org`.",
    )
    tls_cert: Path | None = Field(
        default=None,
        description="Certificate (PEM, with its chain) that `gisgov serve` shows: it speaks https.",
    )
    tls_key: Path | None = Field(default=None, description="Private key of the certificate (PEM).")
    behind_proxy: bool = Field(
        default=False,
        description="A proxy stands before `gisgov serve` and speaks https with everybody: what its "
        "`X-Forwarded-For`, `-Proto` and `-Host` say is believed.",
    )
    proxy_addresses: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks of that proxy, separated by commas; nobody else's headers are "
        "believed.",
    )
    public_areas: bool = Field(
        default=False,
        description="Layers, plans in force and who answers for a place, with the names of staff, are open "
        "to everybody.",
    )
    session_hours: int = Field(
        default=12,
        ge=1,
        le=168,
        description="Whoever signs in does so again after these hours at the latest.",
    )
    session_idle_minutes: int = Field(
        default=60, ge=1, le=10080, description="… and after so many minutes without asking anything."
    )
    key_most_days: int = Field(
        default=366, ge=1, le=3660, description="How many days a key may last at most."
    )
    key_grace_hours: int = Field(
        default=24, ge=0, le=720, description="How many hours a key goes on that was replaced by another."
    )
    sign_ins_per_minute: int = Field(
        default=30, ge=1, le=10_000, description="How often one address may try to sign in, in a minute."
    )
    requests_per_minute: int = Field(
        default=3000,
        ge=1,
        le=1_000_000,
        description="How often one account, or one address without an account, may ask in a minute. What is "
        "open to everybody, as the pages are, is not counted.",
    )
    key: SecretStr | None = Field(
        default=None,
        description="Key of an account (`ggk_…`): commands run with its rights. Unset: with those of the "
        "operator of the machine.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Issuer (https URL) of the OpenID Connect sign-on that people may sign in with. "
        "Unset: none.",
    )
    oidc_client_id: str | None = Field(default=None, description="Name of this service at that sign-on.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Its secret there; better in a file, see `GISGOV_OIDC_CLIENT_SECRET_FILE`."
    )
    oidc_client_secret_file: Path | None = Field(default=None, description="File that holds the secret.")
    oidc_claim: str = Field(
        default="preferred_username", description="Claim of the sign-on that is the name of the account here."
    )
    oidc_title: str = Field(
        default="统一身份认证", description="What the button of the sign-on is called on the sign-in page."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level of log lines that are written."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="Log lines as JSON (for collectors) or as text (for people)."
    )
    maps_dir: Path = Field(
        default=Path("out"),
        description="Folder of the drawn maps that `gisgov serve` shows under /maps/.",
    )
    jobs_dir: Path | None = Field(
        default=None,
        description="Folder of the files of jobs: uploads and results. Every service and worker of a "
        "database must see the same one. Unset: `gisgov/jobs` in the user's state folder "
        "(`~/.local/state`). Each database has a folder of its own in it.",
    )
    index_dir: Path | None = Field(
        default=None,
        description="Folder of the indexes of areas that the service processes of a machine share; they are "
        "made anew where they are missing. Unset: `gisgov/indexes` in the user's state folder "
        "(`~/.local/state`). Each database has a folder of its own in it.",
    )
    prepare_tiles: bool = Field(
        default=True,
        description="Whether `gisgov serve` compiles what draws tiles before it listens: some twenty "
        "seconds, once after an installation. Without that the first who ask for tiles may be told to come "
        "again.",
    )
    job_processes: int = Field(
        default=2,
        ge=1,
        le=64,
        description="How many jobs a worker does at a time, each in a process of its own.",
    )
    job_minutes: int = Field(
        default=60, ge=1, le=10080, description="A job that takes longer than these minutes is ended."
    )
    jobs_waiting: int = Field(
        default=20, ge=1, le=10_000, description="How many jobs may wait for their turn; more are refused."
    )
    jobs_keep_hours: int = Field(
        default=24,
        ge=1,
        le=8760,
        description="How many hours a job that has ended is kept, with its results.",
    )
    serve_worker: bool = Field(
        default=True,
        description="Whether `gisgov serve` starts a worker when a job comes. Without one, `gisgov worker` "
        "does the jobs, here or on other machines.",
    )
    upload_max_mb: int = Field(
        default=512, ge=1, le=65536, description="Largest upload in megabytes, all its files together."
    )
    most_vertices: int = Field(
        default=30_000_000,
        ge=1,
        description="Most vertices that all geometries of an upload may have together.",
    )
    most_vertices_of_one: int = Field(
        default=5_000_000, ge=1, description="Most vertices that one geometry of an upload may have."
    )
    most_parts_of_one: int = Field(
        default=100_000, ge=1, description="Most parts that one geometry of an upload may have."
    )
    batch_most_points: int = Field(
        default=10_000_000, ge=1, description="Most points that one request of `POST /v1/resolve` may have."
    )
    event_streams: int = Field(
        default=200,
        ge=1,
        le=10_000,
        description="How many may follow events live (`GET /v1/events/stream`) at a time, in each process.",
    )
    statement_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="A statement that a request asks of the database is given up after these seconds (503).",
    )
    basemap_url: SecretStr | None = Field(
        default=None,
        description="Addresses of a basemap's tiles for the pages (such as 天地图), with `{z}`, `{x}`, "
        "`{y}` and `{key}`; several, separated by spaces, lie over each other. The service fetches them, "
        "browsers do not. Unset: no basemap, nothing is fetched.",
    )
    basemap_matrix: Literal["web", "c"] = Field(
        default="web",
        description="How these tiles lie: `web` as Web Mercator has them (天地图 `w`), `c` as 天地图 has "
        "them in degrees.",
    )
    basemap_attribution: str | None = Field(
        default=None,
        max_length=200,
        description="Whose the basemap is, and its 审图号: shown on each map.",
    )
    basemap_key: SecretStr | None = Field(
        default=None, description="What stands for `{key}`; better in a file, see `GISGOV_BASEMAP_KEY_FILE`."
    )
    basemap_key_file: Path | None = Field(default=None, description="File that holds the key.")

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}; use a name such as Asia/Shanghai") from error
        return name

    @field_validator("hosts", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return host_names(value) if isinstance(value, str) else value

    @field_validator("proxy_addresses", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return networks(value) if isinstance(value, str) else value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value is not None and not is_private_enough(value):
            raise ValueError("the sign-on must be reached by https, or on loopback")
        return value


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    InputError
        A variable has a value that cannot be used, or a name that no setting has; the message names it.
    """
    refuse_unknown(os.environ, Settings.model_fields)
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = _PREFIX + str(first["loc"][0]).upper()
        # what a validator here raises; pydantic's own wording of it begins with "Value error, "
        raised = first.get("ctx", {}).get("error")
        reason = first["msg"] if raised is None else raised
        raise InputError(f"{name}: {reason}.", hint="See docs/configuration.md.") from error
    refuse_half_sign_on(settings)
    basemap_of(settings)
    keep_secrets_of(settings)
    return settings
