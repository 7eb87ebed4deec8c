"""Codes of ours on paper for people."""

from django import template

register = template.Library()


@register.filter
def spelled(code: str) -> str:
    """A code as words: `none_found` reads "none found"."""
    return code.replace("_", " ")
