"""Where PostgreSQL keeps what accounts spent of their limits. No model: the rows are no facts, and no admin's business."""

from django.db import migrations

CREATE = """
    CREATE UNLOGGED TABLE accounts_spent (
        key text PRIMARY KEY, until bigint NOT NULL, times bigint[] NOT NULL, costs bigint[] NOT NULL
    ) WITH (fillfactor = 50)
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE accounts_spent")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
