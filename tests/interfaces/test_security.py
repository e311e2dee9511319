"""The answers of docs/security.md are complete and name tests that exist; and what no other test shows."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.test import Client

from lenity.config import secret_files
from lenity.gateways import clock
from lenity.records import encrypted
from tests import factories, world

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "security.md"
PLACE = {"table": "t", "column": "c", "row": "r"}


def test_every_answer_names_a_check_that_exists() -> None:
    text = GUIDE.read_text("utf-8")
    rows = re.findall(r"^\| (V[\d.]+) \| ([^|]+) \| ([^|]+) \| (.+) \|$", text, re.M)
    assert len({name for name, *_ in rows}) == 54
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    for name, state, says, checks in rows:
        assert says.strip(), name
        if state.startswith("done"):
            assert "::" in checks, (name, "a done answer names a test, not a file")
        named = re.findall(r"`(test_\w+\.py)::(\w+)`", checks)
        assert len(named) == len(re.findall(r"`test_", checks)), (
            name,
            "a check is `test_file.py::test_name`",
        )
        for file, test in named:
            assert file in files, (name, file)
            assert re.search(rf"^def {test}\(", files[file], re.M), (name, test)


def test_the_count_on_top_is_that_of_the_rows() -> None:
    text = GUIDE.read_text("utf-8")
    states = re.findall(r"^\| V[\d.]+ \| ([^|]+) \|", text, re.M)
    counted = {
        "done": sum(one.startswith("done") for one in states),
        "by design": states.count("by design"),
        "partly": states.count("partly"),
        "not": sum(one.startswith("not") for one in states),
    }
    told = re.search(r"Of 54: (\d+) done, (\d+) answered by design, (\d+) partly, (\d+) not\.", text)
    assert told is not None
    assert [int(one) for one in told.groups()] == list(counted.values())


def _settings(*names: str) -> dict[str, Any]:
    code = "import json, sys; from lenity.config import settings as s; "
    code += "print(json.dumps({n: getattr(s, n, None) for n in sys.argv[1:]}))"
    env = {**os.environ, "LENITY_TLS": "1", "LENITY_TESTING": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, *names], env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_behind_tls_cookies_are_bound_to_the_host() -> None:
    found = _settings(
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG",
    )  # fmt: skip
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["DEBUG"] is False
    assert all(
        found[name]
        for name in (
            "SESSION_COOKIE_SECURE",
            "SESSION_COOKIE_HTTPONLY",
            "CSRF_COOKIE_SECURE",
            "SECURE_SSL_REDIRECT",
        )
    )


def test_passwords_are_argon2id() -> None:
    assert _settings("PASSWORD_HASHERS")["PASSWORD_HASHERS"] == [
        "django.contrib.auth.hashers.Argon2PasswordHasher"
    ]


def test_keys_are_private_files_and_print_as_nothing(tmp_path: Path) -> None:
    keys = secret_files.load(tmp_path / "keys")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert keys.session_key not in repr(keys)
    assert repr(keys) == "Secrets()"


def test_a_sealed_value_opens_in_its_place_and_under_its_key_only(settings: Any) -> None:
    sealed = encrypted.seal("王小明", **PLACE)
    assert encrypted.unseal(sealed, **PLACE) == "王小明"
    for part in PLACE:
        with pytest.raises(InvalidTag):
            encrypted.unseal(sealed, **{**PLACE, part: "x"})
    settings.LENITY_LENDER = "another"
    with pytest.raises(InvalidTag):
        encrypted.unseal(sealed, **PLACE)


def test_a_new_field_key_seals_and_the_old_one_still_opens(settings: Any) -> None:
    old = encrypted.seal("old", **PLACE)
    keys = settings.LENITY_FIELD_KEYS
    settings.LENITY_FIELD_KEYS = {**keys, "9": b"9" * 32, "10": b"x" * 32}
    new = encrypted.seal("new", **PLACE)
    assert new.split(".")[1] == "10"
    assert (encrypted.unseal(old, **PLACE), encrypted.unseal(new, **PLACE)) == ("old", "new")
    settings.LENITY_FIELD_KEYS = keys
    with pytest.raises(ValueError, match="needs key"):
        encrypted.unseal(new, **PLACE)


@pytest.mark.django_db(transaction=True)
def test_a_failure_shows_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: Any, **named: Any) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("lenity.interfaces.api.main.audit.head", fails)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/health")
    assert answer.status_code == 500
    assert "secret of the inside" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_refused_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with clock.use(clock.ManualClock(factories.MORNING)), caplog.at_level(logging.WARNING):
        assert world.as_staff("collector").get("/compliance/").status_code == 403
        assert Client().get("/api/v1/loans").status_code == 401
    said = [one.getMessage() for one in caplog.records]
    assert any("Forbidden" in line and "/compliance/" in line for line in said)
    assert any("Unauthorized" in line and "/api/v1/loans" in line for line in said)
