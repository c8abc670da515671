"""Counts tell how much came late and whose clock was moved: every day that can be is counted anew, by the next job."""

from django.db import migrations


def have_all_days_counted_anew(apps, schema_editor):
    apps.get_model("analytics", "CountedDay").objects.filter(sealed=False).update(due=True)


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_judged_starts")]
    operations = [migrations.RunPython(have_all_days_counted_anew, migrations.RunPython.noop)]
