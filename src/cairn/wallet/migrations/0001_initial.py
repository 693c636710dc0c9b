import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('issuing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('used', 'Used'), ('void', 'Void')], default='open', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('mailed_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('used_by_sha256', models.CharField(blank=True, max_length=64)),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_links', to='issuing.award')),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuing.credential')),
            ],
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visibility', models.CharField(choices=[('private', 'Private'), ('link', 'Link'), ('public', 'Public')], default='private', max_length=12)),
                ('share_key', models.CharField(blank=True, max_length=64)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('handed_back_at', models.DateTimeField(null=True)),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='holding', to='issuing.award')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.BigIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('withdraw', 'Withdrawn'), ('suspend', 'Suspended'), ('reinstate', 'Reinstated'), ('replace', 'Replaced')], max_length=12)),
                ('reason', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField()),
                ('mailed_at', models.DateTimeField(null=True)),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='issuing.award')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='wallet.holding')),
            ],
        ),
    ]
