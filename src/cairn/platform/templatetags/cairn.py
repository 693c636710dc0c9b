"""Tags and filters that every template has without loading them."""

import nh3
from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cairn.platform import territories

register = template.Library()

# HTML in a text is shown as text; what the reader still makes is then cut to these elements.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_ELEMENTS = {
    *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto"}

_STATES = {"success": "ok", "error": "bad", "warning": "warn"}
_SHAPES = {"none": "none", "": "soon"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon of an outcome or thing, hidden from screen readers: a word stands beside it."""
    address = f"{static('platform/icons.svg')}#i-{_SHAPES.get(name, name)}"
    return format_html('<svg class="ico" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control of a field, in the look of all of them."""
    given = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"input {given}".strip()})


@register.filter
def country_name(code: str) -> str:
    """A country by its name in the language of the page."""
    return territories.country_name(code)


@register.filter
def message_state(level: str) -> str:
    """The state of a banner for a level of Django's messages."""
    return _STATES.get(level, "")


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown of a member as safe HTML: no scripts, no pictures, no headings above level 3."""
    tokens = _MARKDOWN.parse(str(text))
    _lower_headings(tokens)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=_ELEMENTS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned in the line above


def _lower_headings(tokens: list[Token]) -> None:
    # They stand below an h2 of the page, and none is left out on the way down.
    found = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in found}))}
    before = 2
    for opening, closing in zip(found[::2], found[1::2], strict=True):
        before = min(3 + ranks[opening.tag], before + 1, 6)
        opening.tag = closing.tag = f"h{before}"
