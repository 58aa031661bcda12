"""Whatever a roadmap says, Markdown shows it as it stands and nothing more."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import assume, example, settings
from hypothesis import given as forall

from pe_plan.documents.escape import cell, escape, fold, link
from tests.support_documents import NASTY, markdown, tokens


def shown(source: str) -> str:
    """What a reader sees of one rendered line, our own dollar signs' tags aside."""
    html = markdown().render(source).replace("<span>$</span>", "$")
    assert html.startswith("<p>")
    return unescape(re.sub(r"</?(p|code)>", "", html)).strip("\n")


@forall(NASTY)
@settings(max_examples=400)
def test_escaped_text_is_one_paragraph_that_reads_as_the_original(raw):
    assume(fold(raw))
    kinds = {token.type for token in tokens(escape(raw))}
    assert kinds <= {
        "paragraph_open", "inline", "text", "text_special", "code_inline", "html_inline",
        "paragraph_close",
    }  # fmt: skip
    read = shown(escape(raw))
    if "`" in raw:
        read, raw = read.replace("`", ""), raw.replace("`", "")
    assert read.split() == fold(raw).split()


@forall(NASTY)
def test_the_only_html_is_our_own_around_a_dollar_sign(raw):
    parsed = tokens(f"x {escape(raw)}")
    tags = {t.content for t in parsed if t.type.startswith("html")}
    assert tags <= {"<span>", "</span>"}
    outside_code = "".join(t.content for t in parsed if t.type.startswith("text"))
    assert ("<span>" in tags) == bool(re.search(r"\$(?!\d)", outside_code))


@forall(NASTY, NASTY)
@example("`a|b`", "`a\\`|")
def test_a_table_keeps_its_cells(first, second):
    table = f"| a | b |\n| --- | --- |\n| x {cell(first)} | {cell(second)} y |\n"
    kinds = [token.type for token in tokens(table)]
    assert kinds.count("td_open") == 2
    assert kinds.count("th_open") == 2
    cells = [t.content for t in markdown().parse(table) if t.type == "inline"][2:]
    assert (cells[0][0], cells[1][-1]) == ("x", "y")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("watch `ls | wc -l` run", "watch `ls | wc -l` run"),
        ("one ` alone", r"one \` alone"),
        ("``two`", r"\`\`two\`"),
        ("SO_REUSEADDR and _x_", r"SO_REUSEADDR and \_x\_"),
        ("C# and #tag", r"C# and \#tag"),
        ("R&D &lt; #35;", r"R&D \&lt; \#35;"),
        ("p50 < 5 <b>", r"p50 < 5 \<b>"),
        ("1. one", r"1\. one"),
        ("- dash", r"\- dash"),
        ("`f()`: a - b", "`f()`: a - b"),
        ("> quote", r"\> quote"),
        ("a\n\n# b", r"a \# b"),
        ("$200K–$250K", r"\$200K–\$250K"),
        ("$x$", r"<span>\$</span>x<span>\$</span>"),
        ("a\x1b[31m\x00b\u202ec", r"a\[31mbc"),
        ("==a== %%b%% ~~c~~ ^d", r"\=\=a\=\= \%\%b\%\% \~\~c\~\~ \^d"),
        ("שלום 🎉", "שלום 🎉"),
    ],
)
def test_escapes_no_more_than_it_must(raw, expected):
    assert escape(raw) == expected


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://e.org/a?b=1&copy;=2", "https://e.org/a?b=1&amp;copy;=2"),
        ("https://e.org/a_(b)", "https://e.org/a_(b)"),
        ("https://e.org/a)b", "https://e.org/a)b"),
        ("https://e.org/<`|\\>", "https://e.org/%3C%60%7C%5C%3E"),
    ],
)
def test_a_link_leads_where_it_should(url, target):
    html = markdown().render(f"a `x` {link('t ] `', url)} ` z")
    assert f'<a href="{target}">t ] `</a>' in html
