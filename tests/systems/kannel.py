"""A real Kannel (bearerbox and smsbox) with an operator behind it that speaks SMPP 3.4."""

import asyncio
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import smpp34

from portal.setup.debian_postgres import free_port

PASSWORD = "kannel-geheim"
PATIENCE = 30  # seconds
RECEIPT = (
    "id:{id} sub:001 dlvrd:001 submit date:2611270900 done date:2611270901"
    " stat:{state} err:000 text:"
)
CONFIG = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {smsbox}
admin-allow-ip = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {operator}
smsc-username = portaal
smsc-password = {password}
system-type = portaal
transceiver-mode = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = portaal
password = {password}
concatenation = true
max-messages = 3

group = sms-service
keyword = default
max-messages = 0
text = none
"""


class Operator:
    """Takes messages over SMPP in a thread of its own, and reports each as `state`."""

    def __init__(self, port: int) -> None:
        self.port, self.state = port, "DELIVRD"
        self.messages: list[Any] = []
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), daemon=True)
        self._thread.start()

    async def _run(self) -> None:
        """Serves until `stop`; asyncio.run then closes all that it opened."""
        self._task = asyncio.create_task(self._serve())
        await asyncio.wait([self._task])

    async def _serve(self) -> None:
        server = smpp34.Server(host="127.0.0.1", port=self.port, system_id="operator")
        await server.start()
        sessions: dict[Any, Any] = {}
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                message_id = str(1000 + len(self.messages))
                event.accept(message_id=message_id)
                self.messages.append(event)
                await asyncio.sleep(0.2)  # as an operator: the answer first, then the receipt
                with suppress(smpp34.SmppError):  # the test ended, and Kannel with it
                    await self._report(sessions[event.session_id], event, message_id)

    async def _report(self, session: Any, event: Any, message_id: str) -> None:
        await session.deliver_sm(
            source_addr=event.destination_addr,
            destination_addr=event.source_addr,
            esm_class=0x04,
            short_message=RECEIPT.format(id=message_id, state=self.state).encode(),
        )

    def stop(self) -> None:
        if self._task and not self._task.done():
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout=5)


class Kannel:
    """Both boxes, on ports of this machine only; what they say is in `folder`."""

    def __init__(self, folder: Path, operator_port: int) -> None:
        self.folder, self.sendsms = folder, free_port()
        self.config = folder / "kannel.conf"
        self.config.write_text(
            CONFIG.format(
                admin=free_port(),
                smsbox=free_port(),
                sendsms=self.sendsms,
                operator=operator_port,
                password=PASSWORD,
            )
        )
        self.boxes = [self._start("bearerbox")]
        time.sleep(1)  # smsbox gives up when it finds no bearerbox
        self.boxes.append(self._start("smsbox"))

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen([f"/usr/sbin/{name}", "-v", "0", str(self.config)], stderr=log)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms"

    def wait(self) -> None:
        """Until sendsms answers; AssertionError holds what the boxes said."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.sendsms)) == 0:
                    return
            time.sleep(0.2)
        raise AssertionError(self.said())

    def said(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        for box in reversed(self.boxes):
            box.terminate()
        for box in reversed(self.boxes):
            try:
                box.wait(timeout=10)
            except subprocess.TimeoutExpired:
                box.kill()
                box.wait()
