from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_planned_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="peer_choice_on",
            field=models.DateField(
                editable=False,
                help_text="The institution's day of the last choice.",
                null=True,
                verbose_name="chose about peer comparison on",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="peer_comparison_before",
            field=models.BooleanField(
                default=True,
                editable=False,
                help_text="What holds for others until the week of the choice is over.",
                verbose_name="took part before that week",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="peer_comparison",
            field=models.BooleanField(
                default=True,
                help_text="His own choice. Without: he sees no comparison; his figures are in nobody else's from Monday on.",
                verbose_name="takes part in peer comparison",
            ),
        ),
    ]
