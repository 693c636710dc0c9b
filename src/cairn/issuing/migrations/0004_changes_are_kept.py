"""What was done to an award stays as it was written; a note on a person can be erased with it."""

from django.db import migrations

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):
    dependencies = [("issuing", "0003_signed_forms_never_change")]
    operations = [never_changes("issuing_change", may_be_removed=True)]
