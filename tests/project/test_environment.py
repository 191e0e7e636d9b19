"""`.env.example` explains each variable that the settings read, and no other."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.environment import env, env_bool, env_int, env_list, postgres_from_url
from tests.processes import run_python
from tests.project import source

READERS = [source.ROOT / "portal" / name for name in ("settings.py", "environment.py")]


def test_env_example_names_each_variable_once():
    code = "".join(path.read_text() for path in READERS)
    read = set(re.findall(r'\benv(?:_\w+)?\(\s*"([A-Z0-9_]+)"', code))
    explained = re.findall(
        r"^([A-Z0-9_]+)=", (source.ROOT / ".env.example").read_text(), re.MULTILINE
    )
    assert read
    assert sorted(explained) == sorted(read)


NEEDED = ["SECRET_KEY", "SEALING_KEYS", "PEPPER", "DATABASE_URL", "PUBLIC_URL", "ALLOWED_HOSTS"]
NEEDED += ["FROM_EMAIL", "DESK_EMAIL", "SMTP_HOST", "SMS_HTTP_URL", "SMS_HTTP_KEY"]


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_stops_production_and_is_named(name):
    with pytest.raises(AssertionError, match=f"{name} is not set"):
        run_python("import django; django.setup()", production=True, **{name: ""})


def test_a_value_may_be_in_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("PORTAL_TEST_FILE", str(secret))
    assert env("PORTAL_TEST") == "from a file"


def test_a_missing_value_is_named():
    with pytest.raises(ImproperlyConfigured, match="PORTAL_TEST is not set"):
        env("PORTAL_TEST")


@pytest.mark.parametrize(
    ("word", "meaning"), [("Yes", True), ("1", True), ("off", False), ("", False)]
)
def test_a_switch_is_yes_or_no(monkeypatch, word, meaning):
    monkeypatch.setenv("PORTAL_TEST", word)
    assert env_bool("PORTAL_TEST") is meaning


def test_a_switch_is_nothing_else(monkeypatch):
    monkeypatch.setenv("PORTAL_TEST", "maybe")
    with pytest.raises(ImproperlyConfigured, match="say yes or no"):
        env_bool("PORTAL_TEST")


def test_a_number_is_whole(monkeypatch):
    monkeypatch.setenv("PORTAL_TEST", "2,5")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env_int("PORTAL_TEST", default=1)


def test_a_list_leaves_out_nothing_between_commas(monkeypatch):
    monkeypatch.setenv("PORTAL_TEST", " a, b,,")
    assert env_list("PORTAL_TEST") == ["a", "b"]


def test_a_database_address_is_taken_apart():
    parts = postgres_from_url("postgresql://ann%40a:p%2Fw@db.test:5433/portal?sslmode=require")
    assert parts["USER"] == "ann@a"
    assert parts["PASSWORD"] == "p/w"
    assert (parts["HOST"], parts["PORT"], parts["NAME"]) == ("db.test", "5433", "portal")
    assert parts["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_directory_is_a_host():
    assert postgres_from_url("postgres://a@/b?host=/run/pg")["HOST"] == "/run/pg"


def test_another_engine_is_refused():
    with pytest.raises(ImproperlyConfigured, match="only postgres"):
        postgres_from_url("sqlite:///x")
