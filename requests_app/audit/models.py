"""The audit log: append-only rows, chained by the database itself when the transaction commits."""

from django.db import models


class AuditEntry(models.Model):
    """One thing that happened.

    Rows are inserted without `position` and `hash`; a deferred trigger fills them at commit, in commit order, so the
    chain has no gaps and no transaction waits for another before it commits. Other triggers refuse every later
    UPDATE, DELETE and TRUNCATE. `facts` is the JSON text that was hashed, byte for byte, and holds no personal data.
    """

    id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_key = models.CharField(max_length=64)
    event = models.CharField(max_length=80)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    facts = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes = (models.Index(fields=["target_type", "target_id", "id"], name="audit_of_target"),)

    def __str__(self) -> str:
        return f"{self.event} on {self.target_type} {self.target_id}"


class AuditHead(models.Model):
    """The one row that holds the end of the chain; the chaining trigger locks and moves it."""

    id = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row"),)

    def __str__(self) -> str:
        return f"position {self.position}"
