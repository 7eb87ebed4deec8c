"""The door to the table of proofs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from requests_app.accounts.permissions import for_staff_who_may
from requests_app.review.proof.table import rows
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def proof_table(request: HttpRequest) -> HttpResponse:
    """Show which proof each right demands, by sensitivity and law, for counsel to read."""
    context = {
        "company_table": rows.company_table(),
        "law_tables": rows.law_tables(),
        "others": rows.laws_without_rows(),
        "methods": rows.methods_table(),
        "facts": rows.facts_table(),
    }
    return render(request, "review/proof/table.html", context)
