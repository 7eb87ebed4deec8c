"""Receipts go with the record of their request: two days of their own that nobody ever wrote leave the model.

The empty columns stay in the table for one release, as workers of the release before still read them.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('fulfillment', '0031_who_is_known_and_who_looked'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='receiptfile',
            name='receipts_to_delete',
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='receiptfile', name='delete_on'),
                migrations.RemoveField(model_name='receiptfile', name='deleted_at'),
            ],
        ),
    ]
