"""vdirsyncer, set up as the README says, between a plan's vdir and a real CalDAV server."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from tests.support_cli import CHECKOUT
from tests.support_programs import need
from tests.support_radicale import Kept, Server

README = (CHECKOUT / "README.md").read_text("utf-8")
_PATIENCE = 60  # seconds
_URL = "https://cloud.example.org/dav/"


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
    found = server.kept()
    by_uid = {each.event.uid: each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


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
