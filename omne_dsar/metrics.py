"""The figures that Prometheus reads: counted from the rows, the same from whatever process is asked."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from omne_dsar import readiness
from omne_dsar.poked import seconds_since_poke
from omne_dsar.readiness import kinds_of_work
from requests_app.accounts.permissions import for_machine
from requests_app.audit.anchors.models import AuditAnchor
from requests_app.leases.lease import free_work
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.selectors import open_requests


class OurFigures(Collector):
    """Counts of requests and of work; nothing of anybody."""

    def collect(self) -> Iterator[Metric]:
        """Count; with the database away, say only that it is."""
        try:
            connection.ensure_connection()
        except DatabaseError:
            yield _of_parts(is_database_up=False)
            return
        yield _of_parts(is_database_up=True)
        yield from _of_requests()
        yield from _of_work()
        anchored = AuditAnchor.objects.aggregate(last=Max("made_at"))["last"]
        if anchored is not None:
            age = GaugeMetricFamily("omne_audit_anchor_age_seconds", "Since the audit log was anchored last.")
            age.add_metric([], (timezone.now() - anchored).total_seconds())
            yield age
        silent = seconds_since_poke()
        if silent is not None:
            yield GaugeMetricFamily(
                "omne_beat_silent_seconds", "Since a worker took a poke of beat.", value=silent
            )


@for_machine
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever shows the token; without one in the settings there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = settings.METRICS_TOKEN
    if not token or not hmac.compare_digest(shown.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(OurFigures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _of_parts(*, is_database_up: bool) -> Metric:
    up = GaugeMetricFamily("omne_part_up", "Whether a part of the installation is well.", labels=["part"])
    up.add_metric(["database"], int(is_database_up))
    for part, said in readiness.parts().items():
        # What only the database could tell is not said to be down.
        if is_database_up or part in ("broker", "store"):
            up.add_metric([part], int(said == readiness.OK))
    return up


def _of_requests() -> Iterator[Metric]:
    by_state = GaugeMetricFamily("omne_requests", "Requests by right and state.", labels=["right", "state"])
    for row in SubjectRequest.objects.values("right", "state").annotate(count=Count("pk")).order_by():
        by_state.add_metric([row["right"], row["state"]], row["count"])
    yield by_state
    overdue = open_requests().filter(response_due_on__lt=timezone.now().date()).count()
    yield GaugeMetricFamily("omne_requests_overdue", "Open requests past their legal date.", value=overdue)


def _of_work() -> Iterator[Metric]:
    waiting = GaugeMetricFamily("omne_work_due", "Pieces of work that nobody has taken yet.", labels=["kind"])
    oldest = GaugeMetricFamily(
        "omne_work_oldest_seconds", "How long the first has been due.", labels=["kind"]
    )
    dead = GaugeMetricFamily("omne_work_given_up", "Pieces of work for a person.", labels=["kind"])
    for model in kinds_of_work():
        kind = str(model._meta.model_name)
        rows = model._default_manager.filter(free_work())
        found = rows.aggregate(count=Count("pk"), first=Min("next_attempt_at"))
        age = (timezone.now() - found["first"]).total_seconds() if found["first"] else 0
        waiting.add_metric([kind], found["count"])
        oldest.add_metric([kind], age)
        dead.add_metric([kind], model._default_manager.filter(work_state=WorkState.DEAD).count())
    yield from (waiting, oldest, dead)
