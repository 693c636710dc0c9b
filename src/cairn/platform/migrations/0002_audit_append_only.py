"""The audit is append-only."""

from django.db import migrations

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [never_changes("platform_auditentry")]
