"""A client that costs next to nothing: bytes over one open connection, cookies, a clock.

An ordinary one (http.client) takes as long for an empty view as Django does, and that would make
every other page look cheap beside it.
"""

import re
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "portaal.example.test"  # portal/setup/production_like.py
# What the proxy in front of production would add.
FROM_PROXY = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
END_OF_HEADERS = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: (\S+)", re.IGNORECASE)
CHUNK = 1 << 16
PATIENCE = 30  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, and the seconds from the first byte sent to the last byte read."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


@dataclass
class Browser:
    """One visitor: an open connection and cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        return self.send(self.request("GET", path))

    def post(self, path: str, data: dict[str, str]) -> Answer:
        return self.send(self.request("POST", path, data))

    def request(self, method: str, path: str, data: dict[str, str] | None = None) -> bytes:
        """The bytes of a request; made beforehand they cost nothing in a slice."""
        body = urlencode(data).encode() if data is not None else b""
        headers = {"Host": HOST, "Referer": f"https://{HOST}/", **FROM_PROXY}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
        lines = [
            f"{method} {path} HTTP/1.1",
            *(f"{name}: {text}" for name, text in headers.items()),
        ]
        return "\r\n".join(lines).encode() + END_OF_HEADERS + body

    def send(self, request: bytes) -> Answer:
        """Sends these bytes and reads the whole answer; cookies are kept afterwards."""
        self._socket = self._socket or self._connect()
        begin = time.perf_counter()
        self._socket.sendall(request)
        return self.end(begin)

    def begin(self, request: bytes) -> None:
        """Sends these bytes; `end` reads the answer."""
        self._socket = self._socket or self._connect()
        self._socket.sendall(request)

    def end(self, begin: float) -> Answer:
        """The answer to what was sent; its seconds count from `begin`."""
        assert self._socket
        head, body = _read(self._socket)
        seconds = time.perf_counter() - begin
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        return Answer(int(head[9:12]), head, body, seconds)

    def _connect(self) -> socket.socket:
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def close(self) -> None:
        """The next request opens a new connection, before its clock starts: gunicorn closes one on
        which nothing was asked for two seconds.
        """
        if self._socket:
            self._socket.close()
        self._socket = None


def _read(connection: socket.socket) -> tuple[bytes, bytes]:
    data = connection.recv(CHUNK)
    while END_OF_HEADERS not in data:
        data += _more(connection)
    head, _, body = data.partition(END_OF_HEADERS)
    found = LENGTH.search(head)
    assert found, f"an answer without a length: {head.decode()}"
    while len(body) < int(found[1]):
        body += _more(connection)
    return head, body


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(CHUNK)
    if not data:
        raise ConnectionError("the server closed the connection in the middle of an answer")
    return data
