"""The `markdown` filter: members' texts as HTML that can do nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.platform.templatetags.cairn import markdown


def test_markdown_is_shown() -> None:
    html = markdown("# Top\n\n**Bold** and [a link](https://example.org)\n\n- one\n- two")
    assert "<h3>Top</h3>" in html
    assert "<strong>Bold</strong>" in html
    assert 'href="https://example.org"' in html
    assert 'rel="nofollow noopener noreferrer"' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("## A\n\n#### B\n\n## C", ["h3", "h4", "h3"]),
        ("### A\n\n# B\n\n###### C", ["h3", "h3", "h4"]),
        ("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6", ["h3", "h4", "h5", "h6", "h6", "h6"]),
        ("A\n=\n\nB\n-", ["h3", "h4"]),
    ],
)
def test_headings_go_down_step_by_step_below_those_of_the_page(
    text: str, levels: list[str]
) -> None:
    assert re.findall("<(h[1-6])>", markdown(text)) == levels


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.png)",
        '<a href="https://x" style="position:fixed">x</a>',
        "<https://example.org/\"onmouseover='alert(1)'>",
    ],
)
def test_html_and_scripts_do_nothing(text: str) -> None:
    for tag in re.findall("<[^>]*>", markdown(text)):
        name = tag.strip("</>").split()[0]
        assert name in ("p", "a")
        assert not re.search('javascript:|data:|style=|" on[a-z]+=', tag)


@given(st.text(max_size=200))
def test_any_text_is_shown_without_an_error(text: str) -> None:
    assert "<script" not in markdown(text).lower()
