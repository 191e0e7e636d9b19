"""`make run` from the outside: what it starts, what it says, and that nothing stays behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from tests.processes import ROOT
from tests.settings import RUN_DIR

pytestmark = pytest.mark.slow

PATIENCE = 90  # seconds, on a machine that does other things too


@pytest.fixture(scope="module")
def var_dir():
    """One for the module: the first start loads the demo, the next ones find it.

    Not below pytest's own temporary directory: as root the server runs as nobody, and each new
    pytest run takes the right to pass through that directory away again.
    """
    return RUN_DIR / f"start-{os.getpid()}"


@pytest.fixture(scope="module")
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(var_dir, free_port):
    """Starts the portal on its embedded server and returns it once it is announced."""
    started = []

    def start_portal():
        started.append(announced(var_dir, free_port))
        return started[-1]

    yield start_portal
    for portal in started:
        stop(portal)


@pytest.fixture(scope="module")
def running(var_dir, free_port):
    """One start for the tests that only look; they come last, and the very last one ends it."""
    portal = announced(var_dir, free_port)
    yield portal
    stop(portal)


def announced(var_dir, port):
    (var_dir / "demo.json").unlink(missing_ok=True)
    portal = run_start(var_dir, port)
    deadline = time.monotonic() + PATIENCE
    while not (var_dir / "demo.json").exists():
        assert portal.poll() is None, portal.communicate()[0] + postgres_log(var_dir)
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return portal


def stop(portal):
    if portal.poll() is None:
        portal.terminate()
    portal.communicate(timeout=PATIENCE)


def run_start(var_dir, port):
    env = {**os.environ, "VAR_DIR": str(var_dir)}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "portal.setup.start", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def postgres_log(var_dir):
    log = var_dir / "postgres.log"
    return log.read_text()[-4000:] if log.exists() else ""


def family(portal):
    """The processes below `portal`; named while they live, to be missed afterwards."""
    return psutil.Process(portal.pid).children(recursive=True)


def command_of(process):
    """What it runs; nothing for one that ended meanwhile (PostgreSQL's helpers come and go)."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def facts(var_dir):
    return json.loads((var_dir / "demo.json").read_text())


def fetch(address):
    with urllib.request.urlopen(address) as response:
        return response.status, response.read().decode()


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_serves_says_how_to_log_in_and_leaves_no_process(start, var_dir, stop_signal):
    portal = start()
    processes = family(portal)
    names = " ".join(command_of(process) for process in processes)
    assert all(part in names for part in ("postgres -D", "procrastinate worker", "gunicorn"))
    url = facts(var_dir)["url"]
    assert fetch(f"{url}/gezondheid/") == (200, "ok\n")
    assert fetch(f"{url}/ontwikkel/postvak/")[0] == 200

    portal.send_signal(stop_signal)
    said = portal.communicate(timeout=PATIENCE)[0]

    _, alive = psutil.wait_procs(processes, timeout=20)
    assert not alive
    assert url in said
    if stop_signal != signal.SIGKILL:
        assert portal.returncode == 0
        assert "gestopt" in said
        assert "Traceback" not in said


def test_data_survives_a_restart_though_the_pid_file_names_another_process(start, var_dir):
    """As after a machine that went down: the file is still there, its number is somebody else's."""
    portal = start()
    socket_dir = var_dir / "postgres"
    query = "select id, password from accounts_user order by id"
    before = ask(socket_dir, query)
    portal.terminate()
    portal.communicate(timeout=PATIENCE)
    (socket_dir / "postmaster.pid").write_text(f"{os.getpid()}\n")
    start()
    assert before
    assert ask(socket_dir, query) == before
    assert fetch(f"{facts(var_dir)['url']}/gezondheid/")[0] == 200


def ask(socket_dir, query):
    import psycopg

    with psycopg.connect(f"host={socket_dir} user=postgres dbname=postgres") as connection:
        return connection.execute(query).fetchall()


def test_a_taken_port_is_named_with_a_way_out(var_dir):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        portal = run_start(var_dir, port)
        said = portal.communicate(timeout=PATIENCE)[0]
    assert portal.returncode == 1
    assert f"poort {port} is in gebruik" in said
    assert f"make run PORT={port + 1}" in said
    assert "Traceback" not in said


def test_the_facts_are_those_of_the_issue(running, var_dir):
    users = {user["username"]: user for user in facts(var_dir)["users"]}
    fields = {"username", "password", "role", "employer", "mobile", "totp_secret"}
    assert all(set(user) == fields for user in users.values())
    assert users["anna"]["role"] == "beheerder"
    assert users["anna"]["mobile"]
    assert users["anna"]["totp_secret"]
    assert users["bram"]["mobile"]
    assert users["bram"]["employer"] != users["anna"]["employer"]
    staff = [user for user in users.values() if user["role"] in {"InComfort", "HCS"}]
    assert {user["role"] for user in staff} == {"InComfort", "HCS"}
    assert all(user["totp_secret"] and not user["mobile"] for user in staff)
    assert (var_dir / "demo.json").stat().st_mode & 0o077 == 0


def test_the_server_listens_on_this_machine_only(running):
    addresses = {
        connection.laddr.ip
        for process in family(running)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_a_second_one_says_that_the_first_runs(running, var_dir, free_port):
    second = run_start(var_dir, free_port)
    said = second.communicate(timeout=PATIENCE)[0]
    assert second.returncode == 1
    assert re.search(rf"draait al: http://localhost:{free_port} \(proces {running.pid}\)", said)
    assert running.poll() is None


def test_a_worker_that_dies_ends_the_portal_with_a_message(running):
    worker = next(
        process for process in family(running) if "procrastinate" in " ".join(process.cmdline())
    )
    worker.kill()
    said = running.communicate(timeout=PATIENCE)[0]
    assert running.returncode == 1
    assert "een proces is gestopt" in said
