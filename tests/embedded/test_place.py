from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from gisgov.embedded import place as rooms
from gisgov.embedded.account import Account
from gisgov.embedded.place import SOCKET_PATH_BYTES, Place, choose_place, make_folder, packs_folder
from gisgov.errors import UnavailableError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can lend its folders to another user")


@pytest.fixture
def checkout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose server's folders all lie below the test's own folder."""
    made = folder / "town"
    made.mkdir()
    monkeypatch.setattr(rooms, "root", lambda: made)
    monkeypatch.setattr(rooms, "_MACHINE", folder / "machine")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    return made


def test_the_folder_lies_in_the_checkout(checkout: Path, account: Account) -> None:
    place = choose_place(None, account)

    assert place.folder == checkout / ".gisgov"
    held = place.folder.stat()
    assert (held.st_uid, stat.S_IMODE(held.st_mode)) == (account.uid, 0o700)
    assert choose_place(None, account) == place


@as_root
def test_a_checkout_closed_to_the_account_gets_a_folder_elsewhere(checkout: Path, account: Account) -> None:
    checkout.chmod(0o700)

    place = choose_place(None, account)

    assert place.folder.parent == checkout.parent / "machine"
    assert place.folder.name.startswith("town-")
    assert not (checkout / ".gisgov").exists()


@as_root
def test_two_checkouts_of_one_name_never_share(
    checkout: Path, account: Account, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.chmod(0o700)
    first = choose_place(None, account)
    second = folder / "elsewhere" / "town"
    second.mkdir(parents=True)
    second.chmod(0o700)
    monkeypatch.setattr(rooms, "root", lambda: second)

    assert choose_place(None, account).folder != first.folder


@as_root
def test_data_made_elsewhere_are_found_again_when_the_checkout_opens(
    checkout: Path, account: Account
) -> None:
    checkout.chmod(0o700)
    first = choose_place(None, account)
    first.data.mkdir()
    (first.data / "PG_VERSION").write_text("15\n", encoding="ascii")

    checkout.chmod(0o755)

    assert choose_place(None, account) == first


def test_an_ordinary_users_data_folder(
    checkout: Path, account: Account, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    me = Account("me", os.geteuid(), os.getegid(), switch=False)
    (checkout / ".gisgov").write_text("not a folder", encoding="utf-8")

    assert choose_place(None, me).folder.parent == folder / "data" / "gisgov"

    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setenv("HOME", str(folder / "home"))
    place = choose_place(None, me)
    assert place.folder.parent == folder / "home" / "Library" / "Application Support" / "gisgov"
    place.socket_folder.rmdir()  # "Application Support" has a space, so the socket lies in /tmp


def test_an_installed_package_is_known_by_its_environment(
    checkout: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "is_bundled", lambda: True)
    monkeypatch.setattr("sys.prefix", str(checkout))

    place = choose_place(None, account)

    assert place.folder.name.startswith("town-")
    assert not (checkout / ".gisgov").exists()


def test_a_file_system_without_owners(
    folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)  # such as a Windows drive: nothing is kept

    with pytest.raises(UnavailableError, match=r"cannot keep a database in .*/home\. Name a folder"):
        choose_place(folder / "home", account)
    assert not (folder / "home").exists()


def test_a_home_below_a_file(folder: Path, account: Account) -> None:
    (folder / "file").write_text("", encoding="ascii")

    with pytest.raises(UnavailableError, match=r"cannot keep a database in .*/file/home\."):
        choose_place(folder / "file" / "home", account)


def test_a_data_folder_closed_to_us_holds_no_data(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", closed)

    assert not rooms._holds_data(folder)


def test_a_relative_home_is_one_place(
    folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    assert choose_place(Path("home"), account).folder == folder / "home"


def test_the_socket_lies_beside_the_data(folder: Path, account: Account) -> None:
    place = choose_place(folder / "home", account)

    assert place.socket_folder == place.folder


@pytest.mark.parametrize("name", ["long-" + "x" * 90, "中文路径", "comma,quote'", "with space"])
def test_a_path_that_a_socket_cannot_have(folder: Path, account: Account, name: str) -> None:
    place = choose_place(folder / name, account)

    assert place.folder == folder / name
    assert place.socket_folder.parent == Path("/tmp")
    assert len(os.fsencode(place.socket_folder / ".s.PGSQL.65535")) <= SOCKET_PATH_BYTES
    held = place.socket_folder.stat()
    assert (held.st_uid, stat.S_IMODE(held.st_mode)) == (account.uid, 0o700)
    assert choose_place(folder / name, account) == place
    place.socket_folder.rmdir()


def test_the_longest_path_that_is_taken_can_be_bound(folder: Path) -> None:
    path = folder / ("x" * (SOCKET_PATH_BYTES - len(str(folder)) - 1))
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))
    assert len(str(path)) == SOCKET_PATH_BYTES


def test_somebody_elses_socket_folder_is_not_used(folder: Path, account: Account) -> None:
    place = choose_place(folder / "with space", account)
    place.socket_folder.chmod(0o777)

    with pytest.raises(UnavailableError, match="is somebody else's"):
        choose_place(folder / "with space", account)
    place.socket_folder.rmdir()


def test_folders_on_the_way_can_be_passed_under_a_strict_umask(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        make_folder(folder / "a" / "b")
    finally:
        os.umask(before)

    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o755


def test_packs_lie_with_the_machine_or_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/ann/.cache")

    assert packs_folder(Account("postgres", 101, 101, switch=True)) == Path("/var/lib/gisgov/packs")
    assert packs_folder(Account("ann", 1000, 1000, switch=False)) == Path("/home/ann/.cache/gisgov")


def test_all_files_lie_in_the_folder() -> None:
    place = Place(Path("/home"), Path("/tmp/s"))

    assert {path.parent for path in (place.data, place.log, place.lock, place.state, place.password)} == {
        place.folder
    }
