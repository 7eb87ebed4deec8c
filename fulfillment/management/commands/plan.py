"""`manage.py plan REF`: what a search would ask each source for, before anything is touched."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fulfillment.management.beforehand import Looks, beforehand, beforehand_in_words, looks_beforehand
from fulfillment.runs.plan import Plan, PlannedSource, plan_for, with_estimates
from requests_app.errors import DomainError
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState


class Command(BaseCommand):
    """Steps in order, expected rows, what is kept, and what no connector can do; a refusal is one sentence."""

    help = "Show what each source will be asked for a request; nothing is read but counts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("reference", help="the request, such as OMN-2026-0001")
        parser.add_argument(
            "--no-count", action="store_true", help="do not ask the sources how many rows there are"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, reference: str, **options: Any) -> None:
        """Write the plan."""
        try:
            subject_request = by_reference(reference)
        except DomainError as refused:
            raise CommandError(refused.sentence) from refused
        plan = plan_for(subject_request)
        if not options["no_count"]:
            plan = with_estimates(plan, subject_request)
        looks = looks_beforehand(subject_request)
        self.stdout.write(
            json.dumps(_facts(plan, looks), indent=2) if options["as_json"] else _table(plan, looks)
        )
        if plan.sources and subject_request.state == RequestState.IN_REVIEW and not options["as_json"]:
            words = f"manage.py fulfill {subject_request.reference} --by EMAIL --maps {plan.maps}"
            self.stdout.write(f"\nWhoever approves this plan, and no other: {words}")


def _facts(plan: Plan, looks: Looks) -> list[dict[str, Any]]:
    return [
        {
            "source": each.source.key,
            "map": each.map_number,
            "searched_by": list(each.identities),
            "known_how": list(each.asked_by),
            "not_known": list(each.missing),
            "out_of_reach": each.wanting,
            "rows": each.rows,
            "not_counted": each.untold,
            "asked_of_a_person": each.asked,
            "changes_by_hand": each.by_hand,
            "not_reached": [collection.name for collection in each.unreachable],
            "beforehand": beforehand(looks.of(each.source)),
            "steps": [
                {
                    "collection": step.collection.name,
                    "reached": list(step.ways),
                    "rows": step.rows,
                    "guessed": step.is_guess,
                    "kept": step.stays_because,
                }
                for step in each.steps
            ],
        }
        for each in plan.sources
    ]


def _table(plan: Plan, looks: Looks) -> str:
    if not plan.sources:
        return "No source is connected yet."
    return "\n\n".join("\n".join(_lines(each, looks)) for each in plan.sources)


def _lines(planned: PlannedSource, looks: Looks) -> list[str]:
    total = "" if planned.rows is None else f", {planned.rows} rows expected"
    by = ", ".join(planned.identities) or "nothing that is known"
    lines = [f"{planned.source.label} (map {planned.map_number}), searched by {by}{total}"]
    lines += [f"      asked by {each}" for each in planned.asked_by]
    if planned.identities and planned.missing:
        lines.append(f"      not known of the person: {', '.join(planned.missing)}")
    for number, step in enumerate(planned.steps, start=1):
        kept = f"  kept: {step.stays_because}" if step.stays_because else ""
        lines.append(
            f"{number:4}. {step.collection.name:30} {step.spoken_rows:>12}  {', '.join(step.ways)}{kept}"
        )
    lines += [
        f"      {collection.name:30}  not reached, and the answer says so"
        for collection in planned.unreachable
    ]
    lines += [
        f"      {sentence}"
        for sentence in (planned.wanting, planned.asked, planned.untold, planned.by_hand)
        if sentence
    ]
    if looks.are_wanted and not planned.by_hand:
        lines += [f"      {line}" for line in beforehand_in_words(looks.of(planned.source))]
    return lines
