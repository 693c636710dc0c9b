from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallet", "0003_carry_mail_over")]

    operations = [
        migrations.RemoveField(model_name="claimlink", name="mailed_at"),
        migrations.DeleteModel(name="Notice"),
    ]
