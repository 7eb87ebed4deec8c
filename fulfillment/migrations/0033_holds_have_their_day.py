from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fulfillment', '0032_receipts_go_with_their_record'),
    ]

    operations = [
        migrations.AddField(
            model_name='changehold',
            name='look_again_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recordhold',
            name='look_again_on',
            field=models.DateField(blank=True, null=True),
        ),
    ]
