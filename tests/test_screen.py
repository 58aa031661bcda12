"""Tables stand in columns, whatever script their words are in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support_cli import ran
from tests.support_roadmap import SMALL

FIRST = ("--start", "2026-01-05", "--hours", "6", "--tz", "Europe/Berlin", "--dry-run", "--plain")

# Latin; wide; wide kana, a narrow one; with a combining accent; an emoji; both directions.
TITLES = ("First", "系统设计", "ｶﾅとかな", "Cafe\u0301", "🐧 Linux", "שלום")


def column_of_dates(table: str, title: str) -> int:
    """The columns of a terminal that a row takes before its first digit."""
    (row,) = (line for line in table.splitlines() if line.startswith(f"{title}  "))
    return int(cell_len(re.split(r"\d", row)[0]))


@pytest.mark.parametrize("title", TITLES)
def test_the_columns_of_a_table_line_up_in_any_script(title: str, tmp_path: Path) -> None:
    roadmap = SMALL.replace('title = "First"', f'title = "{title}"')
    (tmp_path / "r.toml").write_bytes(roadmap.encode())
    said = ran("generate", *FIRST, "--roadmap", "r.toml", folder=tmp_path)
    assert said.code == 0
    assert column_of_dates(said.out, title) == column_of_dates(said.out, "Second")
