"""Tags and filters that every template has without loading them."""

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

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
def message_state(level: str) -> str:
    """The state of a banner for a level of Django's messages."""
    return _STATES.get(level, "")
