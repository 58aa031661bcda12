"""Roadmap text made safe for Markdown, with its inline `code` kept as code.

Beyond CommonMark this covers what GitHub and Obsidian add: tables, strike-through, maths,
highlights, comments, tags and block references.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_CODE = re.compile(r"(?<!`)(`[^`]+`)(?!`)")
_MARKS = re.compile(
    r"""
    [\\`*\[\]|~$_<&\#^=%]                     # a mark, where it means something:
    (?: (?<=[\\`*\[\]|~$])                    # anywhere
      | (?<=_) (?: (?<![^\W_]_) | (?![^\W_]) )  # not inside SO_REUSEADDR
      | (?<=<) (?![\s\d=])                    # a tag or an autolink
      | (?<=&) (?=\#?\w+;)                    # an entity
      | (?<=[\#^]) (?<!\w[\#^])               # a heading's end, a tag, a block reference
      | (?<===) | (?<==)(?==) | (?<=%%) | (?<=%)(?=%)  # highlight, comment
    )
    """,
    re.VERBOSE,
)
# GitHub looks for maths after it has dropped the backslash.
_DOLLAR, _ALONE = re.compile(r"\\\$(?!\d)"), r"<span>\\$</span>"
_BEGINNING = re.compile(r"^(?=[-+>])|^(\d{1,9})(?=[.)](\s|$))")  # of a list or a quotation
_URL = {ord(char): f"%{ord(char):02X}" for char in "<>`\\| \"'"}


def fold(raw: str) -> str:
    """`raw` on one line, white space collapsed, control characters and bidi overrides gone."""
    return " ".join(_UNSEEN.sub("", raw).split())


def escape(raw: str, *, code: bool = True) -> str:
    """One line of Markdown that shows `raw` as it stands; balanced backticks become code."""
    text = fold(raw)
    parts = _CODE.split(text) if code else [text]  # text at even places, code at odd ones
    parts[::2] = [_DOLLAR.sub(_ALONE, _MARKS.sub(r"\\\g<0>", part)) for part in parts[::2]]
    return _BEGINNING.sub(r"\1\\", "".join(parts))


def cell(raw: str) -> str:
    """As `escape`, for a table, where a bar would split even a code span."""
    return escape(raw, code=not any("|" in code or "\\" in code for code in _CODE.findall(raw)))


def link(title: str, url: str) -> str:
    """A link; brackets around the address only where it holds a parenthesis."""
    target = fold(url).translate(_URL).replace("&", "&amp;")
    return f"[{escape(title)}]({f'<{target}>' if '(' in target or ')' in target else target})"
