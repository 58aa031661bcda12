"""Calendar files, zips and folders as they are found on disk."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe_plan.app import busy
from pe_plan.app.busy import GoneError, calendar_texts
from pe_plan.errors import PePlanError
from tests.support_calendars import calendar, timed
from tests.support_child import with_memory
from tests.support_cli import complaints
from tests.support_folder import linux

DATA = calendar(timed("20260112T100000", "20260112T110000"))
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are those of Unix")


def zipped(files: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def refused(path: Path) -> list[str]:
    return [line.replace(str(path), "HERE") for line in complaints(lambda: calendar_texts(path))]


@pytest.mark.parametrize("name", ["a.ics", "basic", "A.ICS"])
def test_a_file_is_read_whatever_it_is_called(tmp_path, name):
    (tmp_path / name).write_bytes(DATA)
    assert calendar_texts(tmp_path / name) == ((str(tmp_path / name), DATA),)


@pytest.mark.parametrize("name", ["me@example.org.ical.zip", "calendar"])
@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_STORED])
def test_a_zip_is_read_as_it_is_and_never_unpacked(tmp_path, name, method):
    inner = {
        "b.ics": DATA,
        "Takeout/Calendar/A.ICS": DATA + DATA,
        "../../outside.ics": DATA,
        "/root.ics": DATA,
        "notes.txt": b"no",
        "inner.zip": zipped({"x.ics": DATA}),
        "__MACOSX/._b.ics": b"\0",
        "folder.ics/": b"",
    }
    path = tmp_path / "in" / "here" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(zipped(inner, method))
    assert calendar_texts(path) == (
        (f"{path}/../../outside.ics", DATA),
        (f"{path}//root.ics", DATA),
        (f"{path}/Takeout/Calendar/A.ICS", DATA + DATA),
        (f"{path}/b.ics", DATA),
    )
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == [name]


def test_a_folder_is_read_with_the_folders_in_it_in_order(tmp_path):
    names = ["b/2.ics", "b/1.ICS", "a.ics", "c.ics/d.ics", "e/f/g/h.ics"]
    passed = ["a.txt", ".hidden.ics", ".git/a.ics", "a.ics.tmp", "z.zip"]
    for name in (*names, *passed):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    found = calendar_texts(tmp_path)
    assert [data.decode() for _, data in found] == sorted(names)
    assert [name for name, _ in found] == [str(tmp_path / name) for name in sorted(names)]


@UNIX
def test_links_are_followed_and_loops_are_harmless(tmp_path):
    folder, other = tmp_path / "calendars", tmp_path / "other"
    for each in (folder / "a", other):
        each.mkdir(parents=True)
    (folder / "a" / "1.ics").write_bytes(DATA)
    (other / "2.ics").write_bytes(DATA)
    (folder / "loop").symlink_to(folder)
    (folder / "a" / "up").symlink_to(folder / "a")
    (folder / "linked").symlink_to(other)
    (folder / "3.ics").symlink_to(other / "2.ics")
    found = [Path(name).relative_to(folder).as_posix() for name, _ in calendar_texts(folder)]
    assert found == ["3.ics", "a/1.ics", "linked/2.ics"]


@UNIX
def test_all_that_cannot_be_read_is_told_at_once_and_nothing_is_waited_for(tmp_path):
    (tmp_path / "good.ics").write_bytes(DATA)
    os.mkfifo(tmp_path / "pipe.ics")
    (tmp_path / "gone.ics").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round.ics").symlink_to(tmp_path / "round.ics")
    told = refused(tmp_path)
    assert told[:2] == [
        "HERE/gone.ics: this link leads nowhere",
        "HERE/pipe.ics: this is not a file",
    ]
    assert told[2].startswith("HERE/round.ics: cannot be read (")
    assert len(told) == 3
    for n in range(20):
        (tmp_path / f"gone{n}.ics").symlink_to(tmp_path / "nowhere")
    told = refused(tmp_path)
    assert (len(told), told[-1]) == (11, "HERE: and 13 more that cannot be read")


@UNIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read anything")
def test_what_one_may_not_read_is_told(tmp_path):
    (tmp_path / "a.ics").write_bytes(DATA)
    (tmp_path / "a.ics").chmod(0)
    (tmp_path / "shut").mkdir(0)
    assert refused(tmp_path) == [
        "HERE/shut: cannot be read (Permission denied)",
        "HERE/a.ics: cannot be read (Permission denied)",
    ]


def test_a_path_that_is_gone_is_told_apart_from_what_is_wrong_behind_it(tmp_path):
    with pytest.raises(GoneError):
        calendar_texts(tmp_path / "gone.ics")
    assert refused(tmp_path / "gone.ics") == ["HERE: there is no such file"]
    assert refused(Path("a\0b")) == ["a\\x00b: embedded null byte"]
    (tmp_path / "odd.zip").write_bytes(b"PK\3\4" + DATA)
    for path in (tmp_path, tmp_path / "odd.zip"):
        with pytest.raises(PePlanError) as raised:
            calendar_texts(path)
        assert not isinstance(raised.value, GoneError)


def test_a_folder_or_a_zip_without_a_calendar_is_told(tmp_path):
    (tmp_path / "empty.zip").write_bytes(zipped({}))
    (tmp_path / "other.zip").write_bytes(zipped({"a.txt": b""}))
    for path in (tmp_path, tmp_path / "empty.zip", tmp_path / "other.zip"):
        assert refused(path) == ["HERE: has no .ics file in it"]


def locked() -> bytes:
    """A zip that says of its one file that it needs a password."""
    data = bytearray(zipped({"a.ics": DATA}))
    for start, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(start) + at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (locked(), "this .zip has a password; unpack it, and name the folder"),
        *(
            (
                zipped({"a.ics": DATA}, method),
                "this .zip is packed in a rare way; unpack it, and name the folder",
            )
            for method in (ZIP_BZIP2, ZIP_LZMA)
        ),
        (zipped({"a.ics": DATA})[:-30], "this .zip is broken: File is not a zip file"),
        (b"PK\3\4", "this .zip is broken: File is not a zip file"),
    ],
)
def test_zips_that_are_not_read_are_told(tmp_path, data, what):
    (tmp_path / "a.zip").write_bytes(data)
    assert refused(tmp_path / "a.zip") == [f"HERE: {what}"]


@given(st.data())
def test_a_damaged_zip_is_told_or_read(tmp_path_factory, data):
    whole = bytearray(zipped({"a.ics": DATA, "b.ics": DATA * 20, "c.txt": b"c"}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(bytes(whole))
    try:
        calendar_texts(path)
    except PePlanError as error:
        assert error.problems  # noqa: PT017


BOMB = {f"{n}.ics": bytes(30_000_000) for n in range(2)}
SMALLER = "; export fewer years, or name the calendars that matter one by one"


@linux
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_of_a_zip_bomb_or_a_huge_file_no_more_is_read_than_there_may_be(tmp_path):
    (tmp_path / "bomb.zip").write_bytes(zipped({"big.ics": bytes(400_000_000)}))
    (tmp_path / "bombs.zip").write_bytes(zipped(BOMB))
    for name in ("huge.ics", "folder/huge.ics"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with (tmp_path / name).open("wb") as file:
            file.truncate(4_000_000_000)
    for name in ("bomb.zip", "bombs.zip", "huge.ics", "folder"):
        said = with_memory(220_000_000, lambda name=name: refused(tmp_path / name))
        assert said == str([f"HERE: holds more than 50 MB{SMALLER}"]), name


LIMITS = {
    "MOST_BYTES": (3_000_000, "holds more than 3 MB"),
    "MOST_FILES": (3, "holds more than 3 .ics files"),
    "MOST_NAMES": (3, "holds more than 3 files"),
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_there_may_be_so_much_and_no_more(tmp_path, monkeypatch, limit, kind):
    most, what = LIMITS[limit]
    monkeypatch.setattr(busy, limit, most)
    for count in (3, 4):
        files = {f"{n}.ics": bytes(1_000_000) for n in range(count)}
        path = tmp_path / f"{kind}{count}"
        if kind == "zip":
            path.write_bytes(zipped(files))
        else:
            path.mkdir()
            for name, data in files.items():
                (path / name).write_bytes(data)
        if count == 3:
            assert len(calendar_texts(path)) == 3
        else:
            assert refused(path) == [f"HERE: {what}{SMALLER}"]


def test_a_zip_of_many_names_is_refused_before_they_are_listed(tmp_path):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({"a.ics": DATA}) + b"PK\1\2" * 200_000)
    assert refused(path) == [f"HERE: holds more than 200,000 files{SMALLER}"]
