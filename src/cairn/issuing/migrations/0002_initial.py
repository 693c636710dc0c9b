import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0003_initial'),
        ('issuing', '0001_initial'),
        ('organisations', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='award',
            name='awarded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='award',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='award',
            name='learner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='people.learner'),
        ),
        migrations.AddField(
            model_name='award',
            name='offering',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='catalogue.offering'),
        ),
        migrations.AddField(
            model_name='award',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='catalogue.achievementversion'),
        ),
        migrations.AddField(
            model_name='batch',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batch',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='batch',
            name='offering',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='catalogue.offering'),
        ),
        migrations.AddField(
            model_name='batch',
            name='submitted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batch',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batch',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='catalogue.achievementversion'),
        ),
        migrations.AddField(
            model_name='batchchunk',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='issuing.batch'),
        ),
        migrations.AddField(
            model_name='batchchunk',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='batchrow',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='issuing.batch'),
        ),
        migrations.AddField(
            model_name='batchrow',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='change',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='issuing.award'),
        ),
        migrations.AddField(
            model_name='change',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='change',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='credential',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='issuing.award'),
        ),
        migrations.AddField(
            model_name='credential',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='change',
            name='replaced',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='issuing.credential'),
        ),
        migrations.AddField(
            model_name='change',
            name='successor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='places_taken', to='issuing.credential'),
        ),
        migrations.AddField(
            model_name='signedform',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forms', to='issuing.credential'),
        ),
        migrations.AddField(
            model_name='signedform',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='statusentry',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_entries', to='issuing.credential'),
        ),
        migrations.AddField(
            model_name='statusentry',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='statuslist',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_lists', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='statusentry',
            name='status_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='issuing.statuslist'),
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(fields=['issuer', '-awarded_at'], name='issuing_awa_issuer__4be2c9_idx'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.UniqueConstraint(fields=('issuer', 'version', 'learner', 'offering'), name='one_award_a_run'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.UniqueConstraint(condition=models.Q(('offering', None)), fields=('issuer', 'version', 'learner'), name='one_award_without_a_run'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), ('withdrawn_reason__gt', '')), _connector='OR'), name='withdrawn_means_when_and_why'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['issuer', '-uploaded_at'], name='issuing_bat_issuer__9e1dbb_idx'),
        ),
        migrations.AddConstraint(
            model_name='batchchunk',
            constraint=models.UniqueConstraint(fields=('issuer', 'batch', 'first_row'), name='one_chunk_a_first_row'),
        ),
        migrations.AddIndex(
            model_name='batchrow',
            index=models.Index(fields=['batch', 'state'], name='issuing_bat_batch_i_9e4280_idx'),
        ),
        migrations.AddConstraint(
            model_name='batchrow',
            constraint=models.UniqueConstraint(fields=('issuer', 'batch', 'number'), name='one_row_a_number'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(fields=('issuer', 'award', 'id'), name='credential_of_award'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('issuer', 'award'), name='one_current_credential_an_award'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.UniqueConstraint(fields=('issuer', 'act_id', 'award'), name='one_act_an_award'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'replace'), ('replaced__isnull', False), ('successor__isnull', False)), models.Q(models.Q(('act', 'replace'), _negated=True), ('replaced', None), ('successor', None)), _connector='OR'), name='a_replacement_names_both'),
        ),
        migrations.AddConstraint(
            model_name='signedform',
            constraint=models.UniqueConstraint(fields=('issuer', 'credential', 'form'), name='one_body_a_form'),
        ),
        migrations.AddIndex(
            model_name='statuslist',
            index=models.Index(fields=['valid_until'], name='issuing_sta_valid_u_408ac7_idx'),
        ),
        migrations.AddConstraint(
            model_name='statuslist',
            constraint=models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('issuer', 'purpose'), name='one_open_list_a_purpose'),
        ),
        migrations.AddConstraint(
            model_name='statusentry',
            constraint=models.UniqueConstraint(fields=('issuer', 'status_list', 'index'), name='one_credential_an_entry'),
        ),
    ]
