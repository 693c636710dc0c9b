"""Seals upon the audit, append-only like it."""

from django.db import migrations, models

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0002_audit_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chain', models.UUIDField()),
                ('sequence', models.PositiveBigIntegerField()),
                ('entry_id', models.BigIntegerField(unique=True)),
                ('entry_at', models.DateTimeField()),
                ('marks', models.CharField(max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('chain', 'sequence'), name='one_seal_a_place')],
            },
        ),
        never_changes("platform_auditseal"),
    ]
