"""What settings have to be beside what each has by itself, and the secrets among them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from gisgov.basemaps import Basemap
from gisgov.errors import InputError
from gisgov.secrecy import keep_password_of, keep_secret

if TYPE_CHECKING:
    from gisgov.config import Settings

_PREFIX = "GISGOV_"
_OTHERS = frozenset({"GISGOV_DATABASE_PASSWORD", "GISGOV_REALDATA"})
"""Variables that are no settings: one of docker-compose.yml, one of the tests."""


def keep_secrets_of(settings: Settings) -> None:
    """Keep the secrets among the settings out of the log."""
    keep_password_of(settings.database_url or "")
    keep_secret(os.environ.get("PGPASSWORD", ""))
    values = (getattr(settings, name) for name in type(settings).model_fields)
    keep_secret(*(value.get_secret_value() for value in values if isinstance(value, SecretStr)))


def refuse_half_sign_on(settings: Settings) -> None:
    """Refuse a sign-on that lacks something, or whose secret cannot be read.

    Raises
    ------
    InputError
        That is so.
    """
    if settings.oidc_issuer is not None and not settings.oidc_client_id:
        raise InputError(
            "GISGOV_OIDC_ISSUER needs GISGOV_OIDC_CLIENT_ID: the name of this service at the sign-on.",
            hint="See docs/configuration.md.",
        )
    sign_on_secret(settings)  # it is to be read now, not when the first person signs in


def sign_on_secret(settings: Settings) -> str | None:
    """Return the secret of this service at the sign-on, from the setting or the file; None where it has none.

    Raises
    ------
    InputError
        The file cannot be read, or both are set.
    """
    return _secret("OIDC_CLIENT_SECRET", settings.oidc_client_secret, settings.oidc_client_secret_file)


def basemap_of(settings: Settings) -> Basemap | None:
    """Return the basemap that is set, if one is.

    Raises
    ------
    InputError
        Its address or its key cannot be used.
    """
    key = _secret("BASEMAP_KEY", settings.basemap_key, settings.basemap_key_file)
    if settings.basemap_url is None:
        return None
    templates = tuple(settings.basemap_url.get_secret_value().split())
    return Basemap(templates, settings.basemap_matrix, key or "")


def _secret(name: str, given: SecretStr | None, file: Path | None) -> str | None:
    """Return the secret of a setting, or of the file that the setting `NAME_FILE` names."""
    if given is not None and file is not None:
        raise InputError(
            f"{_PREFIX}{name} and {_PREFIX}{name}_FILE both name a secret.",
            hint="Set one of them.",
        )
    if given is not None:
        return given.get_secret_value()
    if file is None:
        return None
    try:
        secret = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{_PREFIX}{name}_FILE: {file} cannot be read: {reason}.") from error
    keep_secret(secret)
    return secret


def refuse_unknown(variables: Iterable[str], fields: Iterable[str]) -> None:
    """Refuse a variable that looks like a setting and is none: its value would be ignored without a word.

    Parameters
    ----------
    variables : iterable of str
        Names in the environment.
    fields : iterable of str
        Names of the settings, as they are in `Settings`.

    Raises
    ------
    InputError
        There is one.
    """
    settings = {field.upper() for field in fields}
    for name in sorted(variables):
        written = name.upper()  # as pydantic reads them
        setting = written.removeprefix(_PREFIX)
        if not written.startswith(_PREFIX) or setting in settings or written in _OTHERS:
            continue
        nearest = difflib.get_close_matches(setting, sorted(settings), n=1)
        instead = f"Did you mean {_PREFIX}{nearest[0]}? " if nearest else ""
        raise InputError(f"{name} is not a setting of gisgov.", hint=f"{instead}See docs/configuration.md.")
