
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0001_initial'),
        ('platform', '0002_audit_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('engine', models.CharField(max_length=12)),
                ('place', models.CharField(max_length=200)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('problem', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('next_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='delivery',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['sent_at', 'due_at'], name='deliveries_to_send'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['done_at'], name='deliveries_done'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['id'], name='deliveries_failed'),
        ),
    ]
