import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='achievementversion',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='achievementversion',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='achievementversion',
            name='contributors',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='catalogue.achievementversion'),
        ),
        migrations.AddField(
            model_name='offering',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offerings', to='catalogue.achievementversion'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.UniqueConstraint(fields=('achievement', 'number'), name='one_version_a_number'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted'])), fields=('achievement',), name='one_open_draft_an_achievement'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.CheckConstraint(condition=models.Q(('eqf_level', None), ('eqf_level__range', (1, 8)), _connector='OR'), name='eqf_level_is_1_to_8'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.CheckConstraint(condition=models.Q(('has_no_level', False), ('eqf_level', None), _connector='OR'), name='no_level_means_none'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('approval__gt', ''), ('approved_by__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='published_means_approved'),
        ),
        migrations.AddConstraint(
            model_name='achievementversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approval', 'second_person'), _negated=True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='an_author_never_approves'),
        ),
        migrations.AddConstraint(
            model_name='offering',
            constraint=models.UniqueConstraint(fields=('version', 'name'), name='one_offering_a_name'),
        ),
        migrations.AddConstraint(
            model_name='offering',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='offering_ends_after_it_starts'),
        ),
    ]
