import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient_name', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=12)),
                ('narrative', models.TextField(blank=True)),
                ('evidence_url', models.URLField(blank=True, max_length=500)),
                ('evidence_name', models.CharField(blank=True, max_length=200)),
                ('results', models.JSONField(default=list)),
                ('student_number', models.CharField(blank=True, max_length=200)),
                ('terms', models.JSONField(default=dict)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('planned', 'Being signed'), ('issued', 'In force'), ('suspended', 'Suspended'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced')], default='planned', max_length=12)),
                ('awarded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, choices=[('error', 'It was awarded by mistake'), ('misconduct', 'A rule of the assessment was broken'), ('request', 'The learner asked for it'), ('other', 'Another reason')], max_length=12)),
                ('withdrawn_note', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waits for approval'), ('running', 'Being signed'), ('done', 'Done'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('file_name', models.CharField(max_length=200)),
                ('file_sha256', models.CharField(max_length=64)),
                ('encoding', models.CharField(max_length=20)),
                ('separator', models.CharField(max_length=1)),
                ('header', models.JSONField()),
                ('mapping', models.JSONField(default=dict)),
                ('header_problems', models.JSONField(default=list)),
                ('uploaded_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approval', models.CharField(blank=True, choices=[('second_person', 'A second person approved it.'), ('not_independent', 'Not independently approved.')], max_length=20)),
                ('done_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BatchChunk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first_row', models.PositiveIntegerField()),
                ('last_row', models.PositiveIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BatchRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('unread', 'Not read yet'), ('ready', 'Ready'), ('problem', 'To be mended'), ('duplicate', 'Twice in the file'), ('held', 'Awarded before'), ('planned', 'Being signed'), ('issued', 'Issued'), ('parked', 'Could not be signed')], default='unread', max_length=12)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('student_number', models.CharField(blank=True, max_length=200)),
                ('said', models.JSONField(default=dict)),
                ('cells', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('withdraw', 'Withdraw'), ('suspend', 'Suspend'), ('reinstate', 'Put in force again'), ('replace', 'Replace')], max_length=12)),
                ('act_id', models.UUIDField(default=uuid.uuid4)),
                ('reason', models.CharField(max_length=12)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('salt', models.CharField(max_length=64)),
                ('is_current', models.BooleanField(default=True)),
                ('planned_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SignedForm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('form', models.CharField(choices=[('eddsa-rdfc-2022', 'Open Badges 3.0, JSON with a proof in it'), ('vc-jwt-openbadges', 'Open Badges 3.0, JWT (RS256)'), ('vc+jwt', 'W3C Verifiable Credential, JWT')], max_length=20)),
                ('body', models.BinaryField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('key_fragment', models.CharField(max_length=120)),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='StatusEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('index', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='StatusList',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=12)),
                ('bits', models.BinaryField()),
                ('taken', models.BinaryField()),
                ('is_open', models.BooleanField(default=True)),
                ('is_changed', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('body', models.BinaryField(default=bytes)),
                ('signed_at', models.DateTimeField(null=True)),
                ('valid_until', models.DateTimeField(null=True)),
            ],
        ),
    ]
