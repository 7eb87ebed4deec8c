"""Slots on the person's and the staff's pages that other apps fill, so that pages need not know them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

Context = Mapping[str, Any]
# (django request, subject_request) → context, or None when there is nothing to show
Filler = Callable[[HttpRequest, Any], Context | None]


class Slot(StrEnum):
    """The places that can be filled."""

    PORTAL_STATUS = "portal_status"
    PORTAL_DOWNLOAD = "portal_download"
    CASE_SOURCES = "case_sources"
    CASE_FINDINGS = "case_findings"
    CASE_RELEASE = "case_release"
    CASE_AUDIT = "case_audit"
    CASE_LETTERS = "case_letters"


@dataclass(frozen=True)
class Panel:
    """A template and what it is drawn with."""

    template: str
    context: Context


_fillers: dict[Slot, list[tuple[str, Filler]]] = {}


def fill(slot: Slot, *, template: str, filler: Filler) -> None:
    """Register what another app shows in a slot; called once, from that app's `ready`."""
    entry = (template, filler)
    if entry not in _fillers.setdefault(slot, []):
        _fillers[slot].append(entry)


def panels_in(slot: Slot, request: HttpRequest, subject_request: object) -> list[Panel]:
    """The panels to draw in a slot for this request, in the order in which the apps registered them."""
    drawn = ((template, filler(request, subject_request)) for template, filler in _fillers.get(slot, []))
    return [Panel(template, context) for template, context in drawn if context is not None]
