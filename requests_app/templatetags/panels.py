"""Draws what other apps put into a slot of a page."""

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from requests_app.panels import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def draw_panel(context: Context, panel: Panel) -> SafeString:
    """The panel's own template with the panel's own context; what the page knows besides is not passed on."""
    return render_to_string(panel.template, dict(panel.context), request=context.get("request"))
