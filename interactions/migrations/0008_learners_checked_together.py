"""PostgreSQL: whether the learners of new interactions exist is asked once a statement, no longer once a row.

A foreign key looks a learner up for every row, and a bulk has one learner, or twenty: that took a third of what storing
an interaction costs. What holds is the same: no interaction without its learner, whoever writes it and however; who is
named is locked against deletion until the commit, and a learner who has interactions cannot be deleted. The model
still declares the key, and SQLite keeps it.

Deleting relies on seeing what was committed meanwhile, which a foreign key does at every isolation level and a trigger
at READ COMMITTED (Django's default) alone; at the others it refuses.
"""

from django.db import migrations

LOG, LEARNERS = "interactions_userinteractiontrackingmodel", "accounts_user"
KEY = "interaction_learner_exists"

CHECK = f"""
    CREATE FUNCTION interactions_check_learners() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        missing bigint;
    BEGIN
        SELECT named.user_id INTO missing FROM (SELECT DISTINCT user_id FROM fresh) AS named
        WHERE NOT EXISTS (SELECT 1 FROM {LEARNERS} WHERE id = named.user_id FOR KEY SHARE);
        IF FOUND THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('no learner %s is there for a row of "%s"', missing, TG_TABLE_NAME),
                TABLE = TG_TABLE_NAME, CONSTRAINT = '{KEY}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION interactions_check_learner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM {LEARNERS} WHERE id = NEW.user_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('no learner %s is there for a row of "%s"', NEW.user_id, TG_TABLE_NAME),
                TABLE = TG_TABLE_NAME, CONSTRAINT = '{KEY}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION interactions_keep_learner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE feature_not_supported USING
                MESSAGE = 'people are deleted, and get other keys, at READ COMMITTED only';
        END IF;
        PERFORM 1 FROM {LOG} WHERE user_id = OLD.id LIMIT 1;
        IF FOUND AND NOT EXISTS (SELECT 1 FROM {LEARNERS} WHERE id = OLD.id) THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('learner %s still has rows in "{LOG}"', OLD.id),
                TABLE = '{LOG}', CONSTRAINT = '{KEY}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER {KEY} AFTER INSERT ON {LOG}
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION interactions_check_learners();
    CREATE CONSTRAINT TRIGGER {KEY}_still AFTER UPDATE OF user_id ON {LOG} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id) EXECUTE FUNCTION interactions_check_learner();
    CREATE CONSTRAINT TRIGGER {KEY}_deleted AFTER DELETE ON {LEARNERS} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION interactions_keep_learner();
    CREATE CONSTRAINT TRIGGER {KEY}_renumbered AFTER UPDATE OF id ON {LEARNERS} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION interactions_keep_learner();
"""
UNCHECK = f"""
    DROP TRIGGER {KEY}_renumbered ON {LEARNERS};
    DROP TRIGGER {KEY}_deleted ON {LEARNERS};
    DROP TRIGGER {KEY}_still ON {LOG};
    DROP TRIGGER {KEY} ON {LOG};
    DROP FUNCTION interactions_keep_learner();
    DROP FUNCTION interactions_check_learner();
    DROP FUNCTION interactions_check_learners();
"""


def check_together(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in _foreign_keys(schema_editor):
            schema_editor.execute(f"ALTER TABLE {LOG} DROP CONSTRAINT {schema_editor.quote_name(name)}")
        schema_editor.execute(CHECK, params=None)


def check_each(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNCHECK)
        model = apps.get_model("interactions", "UserInteractionTrackingModel")
        key = model._meta.get_field("user")
        schema_editor.execute(schema_editor._create_fk_sql(model, key, "_fk_%(to_table)s_%(to_column)s"))


def _foreign_keys(schema_editor) -> list[str]:
    """Their names end in a hash that Django makes."""
    with schema_editor.connection.cursor() as cursor:
        told = schema_editor.connection.introspection.get_constraints(cursor, LOG)
    return [name for name, what in told.items() if what["foreign_key"] and what["columns"] == ["user_id"]]


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0007_attempt_stage_case_changed_on"),
        ("accounts", "0001_initial"),
    ]
    operations = [migrations.RunPython(check_together, check_each)]
