"""A private server whose disk is full or closed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from private_servers import as_root, ask

from gisgov.embedded import Cluster
from gisgov.errors import DatabaseUnavailable


def test_a_folder_that_cannot_be_written(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int = 0o777) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(DatabaseUnavailable, match=r"could not be made in .*: Permission denied\."):
        cluster.start()


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a disk; asked for before ``make_cluster``, whose servers must end while it is there."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        disk = folder / "disk"
        disk.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], capture_output=True
        )
        if done.returncode != 0:
            pytest.skip("this machine does not let root mount a disk")
        mounted.append(disk)
        return disk

    yield mount
    for disk in mounted:
        subprocess.run(["umount", disk], check=True)


@as_root
def test_a_disk_too_small_for_a_cluster(
    small_disk: Callable[[str], Path], make_cluster: Callable[..., Cluster]
) -> None:
    cluster = make_cluster(small_disk("8m") / "home")

    with pytest.raises(DatabaseUnavailable, match=r"The disk that holds .*/disk/home is full\. Make room"):
        cluster.start()
    assert not cluster.place.data.exists()
    assert not (cluster.place.folder / "making").exists()


@as_root
def test_a_disk_that_fills_up_and_is_cleared(
    small_disk: Callable[[str], Path], make_cluster: Callable[..., Cluster]
) -> None:
    disk = small_disk("90m")
    cluster = make_cluster(disk / "home", durable=True)
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 42 AS number")
    cluster.stop()
    ballast = disk / "ballast"
    subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"], stderr=subprocess.DEVNULL)

    with pytest.raises(DatabaseUnavailable, match=r"The disk that holds .* is full"):
        cluster.start()

    ballast.unlink()
    assert ask(cluster.start(), "SELECT number FROM kept") == 42


def test_a_disk_that_fills_while_postgis_is_made(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> psycopg.Connection:
        raise psycopg.errors.DiskFull("could not extend file")

    cluster = Cluster(cluster.place, cluster.account, durable=False)
    monkeypatch.setattr("gisgov.embedded.making.connect", refuse)

    with pytest.raises(DatabaseUnavailable, match="is full"):
        cluster.start()
