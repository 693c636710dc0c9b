import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issuing', '0006_awards_leave_sight'),
        ('organisations', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reissue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key_fragment', models.CharField(max_length=120)),
                ('ordered_at', models.DateTimeField()),
                ('planned_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('awards', models.PositiveIntegerField(default=0)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reissues', to='organisations.organisation')),
                ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'key_fragment'), name='one_reissue_a_key')],
            },
        ),
        migrations.CreateModel(
            name='ReissueChunk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('award_ids', models.JSONField()),
                ('done_at', models.DateTimeField(null=True)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('reissue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='issuing.reissue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'reissue', 'number'), name='one_reissue_chunk_a_number')],
            },
        ),
    ]
