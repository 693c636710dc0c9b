"""Markdown that strangers wrote, as paragraphs of plain text: where no styling is worth a risk."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


def paragraphs(markdown: str) -> list[str]:
    r"""The paragraphs, headings and items of `markdown`, each as one line without its marks.

    >>> paragraphs("# Done\n\nBuilt *three* [charts](https://x.example).\n\n- `one`\n- two")
    ['Done', 'Built three charts.', 'one', 'two']
    """
    tokens = _reader().parse(markdown)
    lines = (_line(token) for token in tokens if token.type in ("inline", "fence", "code_block"))
    return [line for line in lines if line]


def _line(token: Token) -> str:
    if token.children is None:
        return " ".join(token.content.split())
    words = (" " if child.type.endswith("break") else child.content for child in token.children)
    return " ".join("".join(words).split())


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
