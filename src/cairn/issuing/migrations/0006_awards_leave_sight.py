import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issuing', '0005_batches_are_read_in_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='removal', serialize=False, to='issuing.award')),
                ('kind', models.CharField(choices=[('erased', 'Erased'), ('restricted', 'Restricted')], max_length=12)),
                ('origin', models.CharField(choices=[('request', 'Request'), ('retention', 'Retention')], max_length=12)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
