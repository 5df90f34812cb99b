from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
