"""How forms are drawn: label, help, error, field; the errors summed up on top."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Our templates for whole forms and for single fields."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
