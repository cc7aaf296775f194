from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gisgov.embedded import Account, Cluster
from gisgov.embedded.packs import make_pack, pack_path, unpack
from gisgov.embedded.programs import Programs, find_programs


@pytest.fixture
def workshop(folder: Path, account: Account) -> Path:
    """A folder of the server's account with a small data folder."""
    made = folder / "workshop"
    (made / "data").mkdir(parents=True)
    (made / "data" / "PG_VERSION").write_text("15\n", encoding="ascii")
    for path in (made, made / "data", made / "data" / "PG_VERSION"):
        account.own(path)
    return made


_PROGRAMS = Programs(Path("/bin"), "15.9 (Debian 15.9-1)", 15, "3.3.2")


def test_a_pack_is_for_one_version_of_both() -> None:
    assert pack_path(Path("/packs"), _PROGRAMS) == Path("/packs/cluster-2-postgresql-15.9-postgis-3.3.2.tar")


def test_what_is_packed_is_unpacked_for_the_account(workshop: Path, folder: Path, account: Account) -> None:
    pack = pack_path(folder / "packs", _PROGRAMS)
    make_pack(workshop / "data", pack.parent, _PROGRAMS, account)
    into = folder / "into"
    into.mkdir()
    account.own(into)

    assert unpack(pack, into, account)

    assert (into / "data" / "PG_VERSION").read_text(encoding="ascii") == "15\n"
    assert (into / "data").stat().st_uid == account.uid
    assert list(pack.parent.iterdir()) == [pack]


def test_no_pack(workshop: Path, folder: Path, account: Account) -> None:
    assert not unpack(folder / "none.tar", workshop, account)


def test_a_pack_that_was_cut_off_is_removed(workshop: Path, folder: Path, account: Account) -> None:
    pack = pack_path(folder, _PROGRAMS)
    make_pack(workshop / "data", folder, _PROGRAMS, account)
    pack.write_bytes(pack.read_bytes()[:700])

    assert not unpack(pack, workshop, account)
    assert not pack.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file that is somebody else's")
def test_somebody_elses_pack_is_not_taken(workshop: Path, folder: Path, account: Account) -> None:
    pack = pack_path(folder, _PROGRAMS)
    make_pack(workshop / "data", folder, _PROGRAMS, account)
    account.own(pack)

    assert not unpack(pack, workshop, account)
    assert pack.exists()


def test_packing_may_fail_without_a_word(workshop: Path, folder: Path, account: Account) -> None:
    (folder / "file").write_text("", encoding="ascii")
    make_pack(workshop / "data", folder / "file" / "packs", _PROGRAMS, account)

    make_pack(workshop / "nothing", folder / "packs", _PROGRAMS, account)

    assert list((folder / "packs").iterdir()) == []


def test_a_broken_pack_only_costs_time(make_cluster: Callable[..., Cluster], folder: Path) -> None:
    pack = pack_path(folder / "packs", find_programs())
    pack.parent.mkdir()
    pack.write_bytes(b"not a tar file at all")

    make_cluster(packs=folder / "packs").start()

    assert pack.stat().st_size > 1_000_000  # a good one has taken its place
    make_cluster("second", packs=folder / "packs").start()


def test_packs_of_older_releases_are_removed(workshop: Path, folder: Path, account: Account) -> None:
    packs = folder / "packs"
    packs.mkdir()
    older = ["cluster-2-postgresql-15.8-postgis-3.3.2.tar", "cluster-1-postgresql-16.1-postgis-3.3.2.tar"]
    kept = ["cluster-2-postgresql-16.1-postgis-3.3.2.tar", "notes.txt"]
    for name in (*older, *kept):
        (packs / name).touch()

    make_pack(workshop / "data", packs, _PROGRAMS, account)

    assert {path.name for path in packs.iterdir()} == {pack_path(packs, _PROGRAMS).name, *kept}
