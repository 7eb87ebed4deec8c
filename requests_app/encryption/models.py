"""Files of the store that are to go: named in the transaction that takes their keys away, until they are gone."""

from django.db import models
from django.db.models.functions import Now


class DoomedFile(models.Model):
    """A sealed file that no row can open any more, and that is still to be removed from the store."""

    store_name = models.CharField(primary_key=True, max_length=80)
    doomed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.store_name
