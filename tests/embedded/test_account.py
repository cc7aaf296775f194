from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from gisgov.embedded.account import Account, clean_environment, server_account
from gisgov.errors import UnavailableError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="runs programs as another user, which only root may")


def test_an_ordinary_user_runs_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    someone = pwd.getpwnam("nobody")
    monkeypatch.setattr(os, "geteuid", lambda: someone.pw_uid)
    monkeypatch.setattr(os, "getegid", lambda: someone.pw_gid)

    assert server_account() == Account("nobody", someone.pw_uid, someone.pw_gid, switch=False)


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)

    assert server_account().name == "54321"


def test_root_lends_an_unprivileged_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    account = server_account()

    assert account.switch
    assert account.uid != 0


def test_root_without_an_unprivileged_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", nobody)

    with pytest.raises(UnavailableError, match="no unprivileged user to run it as"):
        server_account()


def test_an_alias_of_root_is_not_unprivileged(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    root = pwd.getpwuid(0)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: nobody if name == "nobody" else root)

    assert server_account().name == "nobody"


@as_root
def test_programs_run_as_that_user(account: Account) -> None:
    assert account.run(["id", "-u"], Path("/")).stdout.strip() == str(account.uid)
    assert account.run(["id", "-G"], Path("/")).stdout.split() == [str(account.gid)]


@as_root
def test_a_closed_folder_above_cannot_be_passed(account: Account, folder: Path) -> None:
    inner = folder / "closed" / "inner"
    inner.mkdir(parents=True)
    assert account.can_enter(inner)

    inner.parent.chmod(0o700)
    assert not account.can_enter(inner)


def test_without_another_user_nothing_changes_hands(folder: Path) -> None:
    me = Account("me", os.geteuid(), os.getegid(), switch=False)
    owner = folder.stat().st_uid

    me.own(folder)

    assert me.can_enter(folder)
    assert folder.stat().st_uid == owner
    assert "user" not in me.process_arguments(folder)


def test_what_would_steer_postgresql_elsewhere_is_left_out() -> None:
    environment = {"PGPORT": "5432", "PGHOST": "db", "LC_ALL": "zh_CN.UTF-8", "LANG": "de_DE", "PATH": "/bin"}

    assert clean_environment(environment) == {"PATH": "/bin", "LC_ALL": "C", "TZ": "UTC"}
