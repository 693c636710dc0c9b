"""A published version and a decision never change."""

from django.db import migrations

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_initial")]
    operations = [
        never_changes("catalogue_achievementversion", when="OLD.state = 'published'"),
        never_changes("catalogue_decision"),
    ]
