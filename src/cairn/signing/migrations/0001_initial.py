import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningOrder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('subject_id', models.UUIDField()),
                ('requester_id', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('placed', 'Placed'), ('done', 'Done'), ('failed', 'Failed')], default='placed', max_length=12)),
                ('problem', models.TextField(blank=True)),
                ('placed_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('algorithm', models.CharField(max_length=20)),
                ('fragment', models.CharField(max_length=120)),
                ('public_jwk', models.JSONField()),
                ('wrapped_private', models.BinaryField()),
                ('master_key_id', models.CharField(max_length=16)),
                ('state', models.CharField(choices=[('next', 'Next'), ('active', 'Active'), ('retired', 'Retired'), ('compromised', 'Compromised')], default='next', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('activated_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('compromised_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_keys', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'fragment'), name='one_key_a_fragment'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('organisation', 'algorithm'), name='one_active_key_an_algorithm')],
            },
        ),
    ]
