"""Signed bytes never change; they can be erased."""

from django.db import migrations

from cairn.platform.triggers import never_changes


class Migration(migrations.Migration):
    dependencies = [("issuing", "0002_initial")]
    operations = [never_changes("issuing_signedform", may_be_removed=True)]
