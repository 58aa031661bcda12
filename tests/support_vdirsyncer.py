"""vdirsyncer, set up as the README says, between a plan's vdir and a real CalDAV server."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from msgspec import Struct

from tests.support_cli import CHECKOUT
from tests.support_programs import need
from tests.support_radicale import Server, Shown, shown

README = (CHECKOUT / "README.md").read_text("utf-8")
_PATIENCE = 60  # seconds
_URL = "https://cloud.example.org/dav/"
_CALENDAR = "/learner/plan/"
_QUERY = (
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>'
)
_DAV = "{DAV:}"
_DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"


class Kept(Struct, frozen=True, kw_only=True):
    """An event as the server keeps it: where, in which version, and its text."""

    href: str
    etag: str
    text: str
    event: Shown


class Vdirsyncer:
    """vdirsyncer with the README's configuration and `home` as its home, where the plan folder
    stands, too; only the server's address is another."""

    def __init__(self, home: Path, server: Server) -> None:
        self.home = home
        self.program = need("vdirsyncer", "python -m pip install vdirsyncer")
        (text,) = re.findall(r"^```ini\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
        assert text.count(_URL) == 1
        place = home / ".config" / "vdirsyncer"
        place.mkdir(parents=True)
        (place / "config").write_text(text.replace(_URL, f"http://127.0.0.1:{server.port}/"))

    def __call__(self, *words: str) -> str:
        """What the command says, which has to work; questions are answered by nobody."""
        environment = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [self.program, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, said
        return said


def kept(server: Server) -> dict[str, Kept]:
    """The server's events by uid, each there once."""
    answer = ET.fromstring(server.ask("REPORT", _CALENDAR, _QUERY)[1])
    found = [_kept(response) for response in answer.iter(f"{_DAV}response")]
    by_uid = {each.event.uid: each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def _kept(response: ET.Element) -> Kept:
    href, etag, text = (
        response.findtext(f".//{name}") for name in (f"{_DAV}href", f"{_DAV}getetag", _DATA)
    )
    assert href
    assert etag
    assert text
    (event,) = shown(text)
    return Kept(href=href, etag=etag, text=text, event=event)


def dragged(server: Server, there: Kept, start: datetime) -> None:
    """Move an event on the server, as a person does in a calendar, who never sees its text."""
    end = start + (there.event.end - there.event.start)
    text = re.sub(r"DTSTART:\w+", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", there.text)
    text = re.sub(r"DTEND:\w+", f"DTEND:{end:%Y%m%dT%H%M%SZ}", text)
    number = there.event.sequence + 1
    server.ask("PUT", there.href, re.sub(r"SEQUENCE:\d+", f"SEQUENCE:{number}", text))


def later(there: Kept, **by: float) -> datetime:
    """When the event would begin so much later."""
    return there.event.start + timedelta(**by)
