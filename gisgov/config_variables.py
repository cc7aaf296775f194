"""The environment as the source of settings."""

from __future__ import annotations

import os
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource


class _Variables(PydanticBaseSettingsSource):
    """Variables that name a setting, as they are written.

    An empty one counts as none: docker-compose.yml hands on as empty what is not set.

    pydantic's own source works out for each setting anew what could stand in its variable, which takes far
    longer than to read what does; and each command and service reads them.
    """

    def __init__(self, settings: type[BaseSettings]) -> None:
        super().__init__(settings)
        self._prefix = self.config["env_prefix"].lower()
        self._written = {name.lower(): value for name, value in os.environ.items() if value}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return what stands in the variable of one setting, to be taken as it is."""
        return self._written.get(self._prefix + field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return what stands in the variables of all settings that have one."""
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value is not None}


class VariableSettings(BaseSettings):
    """Settings that are read from the environment alone; those of several words are taken apart by us."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - this and the rest: pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given, then the environment."""
        return init_settings, _Variables(settings_cls)
