"""How forms look everywhere: label, hint, error, field, linked for screen readers."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields and forms by our own templates."""

    field_template_name = "platform/_field.html"
    form_template_name = "platform/_form.html"
