"""Approvals that are signed with a passkey; their rows are kept for good."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_published_never_changes'),
        ('issuing', '0008_renewal_rules'),
        ('organisations', '0003_api_clients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApproverKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('credential_id', models.BinaryField()),
                ('public_key', models.BinaryField()),
                ('registered_at', models.DateTimeField()),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approver_keys', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ApproverKeyDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('confirmed', 'May approve'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('decided_at', models.DateTimeField()),
                ('seal', models.CharField(max_length=64)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='issuing.approverkey')),
            ],
        ),
        migrations.CreateModel(
            name='BatchApproval',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nonce', models.CharField(max_length=64)),
                ('row_count', models.PositiveIntegerField()),
                ('part_digests', models.BinaryField()),
                ('asked_at', models.DateTimeField()),
                ('client_data', models.BinaryField(default=bytes)),
                ('authenticator_data', models.BinaryField(default=bytes)),
                ('signature', models.BinaryField(default=bytes)),
                ('sign_count', models.PositiveBigIntegerField(default=0)),
                ('answered_at', models.DateTimeField(null=True)),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_approvals', to='issuing.batch')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuing.approverkey')),
            ],
        ),
        migrations.CreateModel(
            name='ApprovedPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('first_row', models.PositiveIntegerField()),
                ('last_row', models.PositiveIntegerField()),
                ('row_digests', models.BinaryField()),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='issuing.batchapproval')),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_required', models.BooleanField()),
                ('changed_at', models.DateTimeField()),
                ('achievement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.achievement')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['issuer', 'achievement', '-changed_at'], name='issuing_app_issuer__f1d0ee_idx')],
            },
        ),
        migrations.AddConstraint(
            model_name='batchapproval',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', False)), fields=('issuer', 'batch'), name='one_signed_approval_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='approvedpart',
            constraint=models.UniqueConstraint(fields=('approval', 'position'), name='one_part_a_position'),
        ),
        never_changes("issuing_approvalrule"),
        never_changes("issuing_approverkey"),
        never_changes("issuing_approverkeydecision"),
        never_changes("issuing_batchapproval", when="OLD.answered_at IS NOT NULL"),
        never_changes("issuing_approvedpart", may_be_removed=True),
    ]
