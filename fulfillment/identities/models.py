"""An identity of a request: sealed value, how it was found, and what was decided about it."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from fulfillment.identities.states import TRUSTED, Doubt, Found, IdentityState
from requests_app.encryption.fields import EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest


class KnownIdentity(models.Model):
    """Something the person of a request is, or may be, known by.

    `kind` is the word of the data maps (email, phone_number, github_login). `place` is source, collection and field it
    was found in. `is_shared` marks what others use as well: no source is searched by it, a sweep looks for it and a
    person decides each trace. Accepted by nobody (`decided_by` empty) is only what was proved, or a key that a map
    refers to; the database refuses anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.CASCADE, related_name="known_identities"
    )
    kind = models.CharField(max_length=60)
    value = EncryptedTextField(max_length=254)
    value_index = models.CharField(max_length=64, db_index=True)
    found = models.CharField(max_length=10, choices=Found)
    place = models.JSONField(default=list, blank=True)
    doubt = models.CharField(max_length=16, choices=Doubt, default=Doubt.NONE, blank=True)
    state = models.CharField(max_length=10, choices=IdentityState, default=IdentityState.PROPOSED)
    is_shared = models.BooleanField(default=False)
    evidence = EncryptedTextField(max_length=500, default="", blank=True)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("found_at", "kind", "id")
        verbose_name_plural = "known identities"
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request", "kind", "value_index"], name="an_identity_once_a_request"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=IdentityState.values), name="identity_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed") | models.Q(decided_at__isnull=False),
                name="a_decided_identity_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted")
                | models.Q(decided_by__isnull=False)
                | models.Q(found__in=sorted(TRUSTED), doubt=""),
                name="only_what_is_proved_is_accepted_by_itself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_request_id}"

    @property
    def is_accepted(self) -> bool:
        """Whether it may be used at all."""
        return self.state == IdentityState.ACCEPTED

    @property
    def where(self) -> str:
        """Source, collection and field it was found in, with dots; empty where it comes from no source."""
        return ".".join(str(part) for part in self.place)
