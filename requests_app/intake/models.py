"""What a visitor has answered so far: kept on the server for a day, then erased."""

from uuid import uuid4

from django.db import models

from requests_app.encryption.fields import EncryptedJSONField
from requests_app.lifecycle.models import Submission


class Draft(models.Model):
    """The answers of one visitor's form; the visitor's session holds its id.

    Once sent, `submission` says what became of it and the answers are gone: sending again finds the same submission.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answers = EncryptedJSONField(default=dict)
    submission = models.OneToOneField(
        Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"
