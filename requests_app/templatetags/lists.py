"""Several things beside each other, as the reader's language writes them."""

from django import template

from requests_app import lists

register = template.Library()
register.filter("listed", lists.listed)
