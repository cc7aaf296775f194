"""Which PostgreSQL to use: the newest installed one that has PostGIS."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gisgov.errors import ProgramMissing

OLDEST, NEWEST = 14, 18
"""Major versions of PostgreSQL that gisgov is made for."""

_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu, PGDG apt
    "/usr/pgsql-*/bin",  # PGDG yum
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

_INSTALL = (
    "Install PostgreSQL with PostGIS (Debian/Ubuntu: `apt install postgresql postgresql-postgis`, "
    "macOS: `brew install postgis`), or name its folder in GISGOV_PG_BIN, or use a server: "
    "`docker compose up -d database` and GISGOV_DATABASE_URL."
)


@dataclass(frozen=True, slots=True)
class Programs:
    """One installed PostgreSQL.

    Attributes
    ----------
    folder : pathlib.Path
        Where ``postgres``, ``initdb``, ``psql`` … lie.
    version : str
        What ``postgres --version`` says after its name, with the packager's revision.
    major : int
        14, 15 …
    postgis : str or None
        Version of PostGIS that ``CREATE EXTENSION`` would make; None where it is not installed.
    """

    folder: Path
    version: str
    major: int
    postgis: str | None

    def path(self, name: str) -> str:
        """Return the path of a program.

        Raises
        ------
        ProgramMissing
            The folder has no such program.
        """
        program = self.folder / name
        if not os.access(program, os.X_OK):
            raise ProgramMissing(
                f"{name} is not among PostgreSQL's programs in {self.folder}.", hint=_INSTALL
            )
        return str(program)


def find_programs(
    folder: Path | None = None,
    *,
    major: int | None = None,
    postgis: bool = True,
    places: Iterable[Path] | None = None,
) -> Programs:
    """Choose among the installed PostgreSQLs.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The only folder to look at (``GISGOV_PG_BIN``).
    major : int, optional
        The only major version that will do, because data of that version exist.
    postgis : bool
        Whether PostGIS must be there too.
    places : iterable of pathlib.Path, optional
        Folders to look at; by default those where the usual packages put them, then ``PATH``.

    Returns
    -------
    Programs
        The newest that fits.

    Raises
    ------
    ProgramMissing
        None fits; the message says what was found instead.
    """
    if folder is not None:
        places = [folder]
    found = [programs for place in (_places() if places is None else places) if (programs := _look(place))]
    fitting = [p for p in found if (folder is not None or OLDEST <= p.major <= NEWEST) and p.major >= OLDEST]
    if major is not None:
        fitting = [p for p in fitting if p.major == major]
    if postgis:
        fitting = [p for p in fitting if p.postgis]
    if fitting:
        return max(fitting, key=lambda p: (p.major, _numbers(p.version)))
    raise _none_fits(found, folder, major)


def _none_fits(found: list[Programs], folder: Path | None, major: int | None) -> ProgramMissing:
    where = f" in {folder}" if folder else ""
    if not found:
        return ProgramMissing(f"PostgreSQL is not installed{where}.", hint=_INSTALL)
    if major is not None and not any(p.major == major for p in found):
        others = ", ".join(sorted({str(p.major) for p in found}))
        return ProgramMissing(
            f"The private database was made by PostgreSQL {major}, but only {others} is installed{where}.",
            hint=f"Install PostgreSQL {major} with PostGIS; then `gisgov db dump`, remove the folder "
            "that `gisgov db status` names and `gisgov db restore` move the data to another version.",
        )
    supported = [p for p in found if p.major >= OLDEST]
    if not supported:
        newest = max(found, key=lambda p: p.major)
        return ProgramMissing(
            f"PostgreSQL {newest.major}{where} is too old: {OLDEST} or newer is needed.", hint=_INSTALL
        )
    if not any(p.postgis for p in supported):
        newest = max(supported, key=lambda p: p.major)
        return ProgramMissing(
            f"PostgreSQL {newest.major} in {newest.folder} has no PostGIS.",
            hint=f"Debian/Ubuntu: `apt install postgresql-{newest.major}-postgis-3`; "
            "macOS: `brew install postgis`.",
        )
    return ProgramMissing(
        f"No installed PostgreSQL{where} is of version {OLDEST} to {NEWEST}.", hint=_INSTALL
    )


def _places() -> Iterator[Path]:
    for pattern in _PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _look(folder: Path) -> Programs | None:
    postgres, initdb = folder / "postgres", folder / "initdb"
    if not (os.access(postgres, os.X_OK) and os.access(initdb, os.X_OK)):
        return None
    version = postgres_version(folder)
    numbers = _numbers(version)
    if not numbers:
        return None
    return Programs(folder, version, numbers[0], _postgis_version(folder, numbers[0]))


def postgres_version(folder: Path) -> str:
    """Return what ``postgres --version`` says after its name ("" when it does not run)."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return answer.stdout.partition("(PostgreSQL)")[2].strip()


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"(\d+)(?:\.(\d+))?", version)
    return tuple(int(n) for n in match.groups(default="0")) if match else ()


def _postgis_version(folder: Path, major: int) -> str | None:
    for share in _share_folders(folder, major):
        control = share / "extension" / "postgis.control"
        if control.is_file():
            match = re.search(r"default_version\s*=\s*'([^']+)'", control.read_text(encoding="utf-8"))
            return match.group(1) if match else "?"
    return None


def _share_folders(folder: Path, major: int) -> Iterator[Path]:
    pg_config = folder / "pg_config"
    if os.access(pg_config, os.X_OK):
        answer = subprocess.run([pg_config, "--sharedir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            yield Path(answer.stdout.strip())
            return
    # without pg_config (a stripped package): the two layouts in use
    yield Path(f"/usr/share/postgresql/{major}")
    yield folder.parent / "share" / "postgresql"
