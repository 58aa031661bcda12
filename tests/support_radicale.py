"""A real CalDAV server on loopback, and the least that a client does to keep a calendar there."""

from __future__ import annotations

import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree as ET

import icalendar
from msgspec import Struct

from tests.support_cli import surroundings
from tests.support_programs import give_up

_PATIENCE = 20  # seconds
_LOGIN = "Basic " + b64encode(b"learner:").decode()
_HOME = "/learner/plan/"
_QUERY = (
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>'
)
_SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[rights]
type = owner_only
[storage]
filesystem_folder = {storage}
[logging]
level = warning
"""
_KEPT = ("{DAV:}href", "{DAV:}getetag", "{urn:ietf:params:xml:ns:caldav}calendar-data")


class Shown(Struct, frozen=True, kw_only=True):
    """An event as a calendar has it."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    description: str


class Kept(Struct, frozen=True):
    """An event as the server keeps it: where, in which version, and its text."""

    href: str
    etag: str
    text: str
    event: Shown


@lru_cache(maxsize=1_024)  # a server gives back each event by itself, most as before
def shown(calendar: bytes | str) -> list[Shown]:
    """The events of an iCalendar text, each as often as it stands there."""
    return [
        Shown(
            uid=str(event["UID"]),
            sequence=int(event["SEQUENCE"]),
            start=event.start,
            end=event.end,
            summary=str(event["SUMMARY"]),
            description=str(event.get("DESCRIPTION", "")),
        )
        for event in icalendar.Calendar.from_ical(calendar).events
    ]


@contextmanager
def radicale(home: Path) -> Iterator[Server]:
    """The server in a process of its own, with an empty calendar, ready to be spoken to."""
    if find_spec("radicale") is None:
        give_up("radicale is missing; install it with: python -m pip install radicale")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = home / "radicale"
    place.mkdir()
    settings = place / "radicale.conf"
    settings.write_text(_SETTINGS.format(port=port, storage=place / "storage"))
    line = [sys.executable, "-m", "radicale", "--config", str(settings)]
    with (place / "radicale.log").open("wb") as log:
        process = subprocess.Popen(line, env=surroundings(), stdout=log, stderr=log)
        try:
            _await(process, port, log.name)
            server = Server(port)
            server.ask("MKCALENDAR", _HOME)
            yield server
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _await(process: subprocess.Popen[bytes], port: int, log: str) -> None:
    """Return as soon as the port answers; the pause between two tries is the wait for the process
    to end, which it must not."""
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            try:
                raise AssertionError(f"radicale left with {process.wait(0.02)}: see {log}")
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise AssertionError("radicale does not answer")


class Server:
    """A calendar on the server, changed as a client does: one request for each event."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        """The status and the content of the answer, which must not be a refusal."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        kind = "application/xml" if body.startswith("<") else "text/calendar"
        headers = {"Authorization": _LOGIN, "Depth": "1", "Content-Type": f"{kind}; charset=utf-8"}
        try:
            connection.request(method, path, body.encode(), headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert answer.status < HTTPStatus.BAD_REQUEST, (method, path, answer.status, content[:500])
        return answer.status, content

    def put(self, calendar: bytes) -> set[str]:
        """Each event of the file, under its uid, over what is there: the uids that are new."""
        new = set()
        for event in icalendar.Calendar.from_ical(calendar).events:
            alone = icalendar.Calendar()
            alone["VERSION"], alone["PRODID"] = "2.0", "-//tests//EN"
            alone.add_component(event)
            uid = str(event["UID"])
            status, _ = self.ask("PUT", f"{_HOME}{uid}.ics", alone.to_ical().decode())
            new |= {uid} if status == HTTPStatus.CREATED else set()
        return new

    def delete(self, uids: Iterable[str]) -> None:
        """These events, all of which are there."""
        for uid in uids:
            self.ask("DELETE", f"{_HOME}{uid}.ics")

    def kept(self) -> list[Kept]:
        """Every event on the server, each as often as it stands there."""
        answer = ET.fromstring(self.ask("REPORT", _HOME, _QUERY)[1])
        found = []
        for response in answer.iter("{DAV:}response"):
            href, etag, text = (response.findtext(f".//{name}") or "" for name in _KEPT)
            found += [Kept(href, etag, text, event) for event in shown(text)]
        return found

    def events(self) -> list[Shown]:
        """The same as they are shown."""
        return [each.event for each in self.kept()]
