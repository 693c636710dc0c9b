from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.UUIDField(null=True)),
                ('actor_id', models.UUIDField(null=True)),
                ('action', models.CharField(max_length=80)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation_id', 'at'], name='platform_au_organis_a3f823_idx'), models.Index(fields=['subject_id'], name='platform_au_subject_d366a1_idx')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('schema_version', models.PositiveSmallIntegerField(default=1)),
                ('organisation_id', models.UUIDField(null=True)),
                ('subject_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('payload', models.JSONField(default=dict)),
                ('is_relayed', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_id'], name='platform_ou_subject_1d05fc_idx'), models.Index(condition=models.Q(('is_relayed', False)), fields=['id'], name='to_relay')],
            },
        ),
    ]
