import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('state', models.CharField(choices=[('active', 'Active'), ('retired', 'Retired')], default='active', max_length=12)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AchievementVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('language', models.CharField(default='en', max_length=12)),
                ('name', models.JSONField(default=dict)),
                ('description', models.JSONField(default=dict)),
                ('criteria', models.JSONField(default=dict)),
                ('outcomes', models.JSONField(default=list)),
                ('prerequisites', models.JSONField(default=dict)),
                ('achievement_type', models.CharField(default='MicroCredential', max_length=60)),
                ('human_code', models.CharField(blank=True, max_length=60)),
                ('field_of_study', models.CharField(blank=True, max_length=10)),
                ('eqf_level', models.PositiveSmallIntegerField(null=True)),
                ('has_no_level', models.BooleanField(default=False)),
                ('workload_hours', models.PositiveIntegerField(null=True)),
                ('ects', models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ('participation', models.CharField(blank=True, choices=[('online', 'Online'), ('on_site', 'On site'), ('blended', 'Blended: online and on site')], max_length=20)),
                ('assessment_type', models.JSONField(default=dict)),
                ('supervision', models.CharField(blank=True, choices=[('none', 'Unsupervised, identity not checked'), ('online', 'Supervised online, identity checked'), ('on_site', 'Supervised on site, identity checked')], max_length=40)),
                ('quality_assurance', models.JSONField(default=dict)),
                ('tags', models.JSONField(default=list)),
                ('alignments', models.JSONField(default=list)),
                ('result_descriptions', models.JSONField(default=list)),
                ('image_sha256', models.CharField(blank=True, max_length=64)),
                ('drawing_family', models.CharField(blank=True, max_length=20)),
                ('valid_for_months', models.PositiveSmallIntegerField(null=True)),
                ('names_learner', models.BooleanField(default=True)),
                ('is_suspendable', models.BooleanField(default=False)),
                ('search_text', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('approval', models.CharField(blank=True, choices=[('second_person', 'Second Person'), ('not_independent', 'Not Independent')], max_length=20)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('changes', 'Changes'), ('approved', 'Approved')], max_length=12)),
                ('reasons', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Offering',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('place', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(default='en', max_length=12)),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=12)),
                ('created_at', models.DateTimeField()),
            ],
        ),
    ]
