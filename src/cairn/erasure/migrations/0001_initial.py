import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('issuing', '0006_awards_leave_sight'),
        ('organisations', '0002_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivacySettings',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='privacy_settings', serialize=False, to='organisations.organisation')),
                ('retention_years', models.PositiveSmallIntegerField(null=True)),
                ('complaints', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('origin', models.CharField(choices=[('request', 'The learner asked'), ('retention', 'The time of keeping was over')], default='request', max_length=12)),
                ('state', models.CharField(choices=[('open', 'To be decided'), ('decided', 'Will be erased'), ('done', 'Closed'), ('taken_back', 'Taken back')], default='open', max_length=12)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(max_length=12)),
                ('wants', models.CharField(choices=[('erase', 'Erase'), ('restrict', 'Restrict: keep it in the register of awards, show it to nobody else'), ('refuse', 'Refuse')], default='erase', max_length=12)),
                ('wish', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('identity', models.CharField(blank=True, choices=[('signed_in', 'They signed in with an address that they have proved'), ('known', 'They are known here in person'), ('document', 'They showed a document'), ('answered', 'They answered a mail to the address of the award'), ('other', 'In another way')], max_length=12)),
                ('identity_note', models.TextField(blank=True)),
                ('decision', models.CharField(blank=True, choices=[('erase', 'Erase'), ('restrict', 'Restrict: keep it in the register of awards, show it to nobody else'), ('refuse', 'Refuse')], max_length=12)),
                ('basis', models.CharField(blank=True, max_length=16)),
                ('reasons', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('erase_on', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('awards_removed', models.PositiveIntegerField(default=0)),
                ('letter_due_at', models.DateTimeField(null=True)),
                ('letter_sent_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.learner')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasure_cases', to='organisations.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='erasure_cases', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuing.award')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='erasure.case')),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['organisation', 'state', 'due_at'], name='erasure_cas_organis_128868_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['letter_due_at'], name='erasure_cas_letter__6c5ee4_idx'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'request'), ('state__in', ('open', 'decided'))), fields=('organisation', 'user'), name='one_open_case_a_user'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'request'), ('state__in', ('open', 'decided'))), fields=('organisation', 'learner'), name='one_open_case_a_learner'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('decision', ''), models.Q(('basis__gt', ''), ('decided_at__isnull', False)), _connector='OR'), name='decided_means_when_and_why'),
        ),
        migrations.AddConstraint(
            model_name='caseaward',
            constraint=models.UniqueConstraint(fields=('case', 'award'), name='one_award_a_case'),
        ),
    ]
