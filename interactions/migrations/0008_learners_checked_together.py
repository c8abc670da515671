"""PostgreSQL: whether the learners of new interactions exist is asked once a statement, no longer once a row.

A foreign key looks a learner up for every row, and a bulk has one learner, or twenty: that took a third of what storing
an interaction costs. What holds is the same: no interaction without its learner, whoever writes it and however; who is
named is locked against deletion until the commit, and a learner who has interactions cannot be deleted. The model
still declares the key, and SQLite keeps it.

Deleting relies on seeing what was committed meanwhile, which a foreign key does at every isolation level and a trigger
at READ COMMITTED (Django's default) alone; at the others it refuses.

Tables are named with their schema. A bare name is looked up in the search path of whoever writes: pg_dump sets none, and
a temporary table of the same name would answer in place of the learners. TRUNCATE fires no trigger of rows, and its
CASCADE follows keys alone: it has a trigger of its own.
"""

from django.db import migrations

LOG, LEARNERS = "interactions_userinteractiontrackingmodel", "accounts_user"
KEY = "interaction_learner_exists"

CHECK = """
    CREATE FUNCTION interactions_check_learners() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        missing bigint;
    BEGIN
        SELECT named.user_id INTO missing FROM (SELECT DISTINCT user_id FROM fresh) AS named
        WHERE NOT EXISTS (SELECT 1 FROM {learners} WHERE id = named.user_id FOR KEY SHARE);
        IF FOUND THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('no learner %s is there for a row of "%s"', missing, TG_TABLE_NAME),
                TABLE = TG_TABLE_NAME, CONSTRAINT = '{key}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION interactions_check_learner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM {learners} WHERE id = NEW.user_id FOR KEY SHARE;
        IF NOT FOUND AND EXISTS (SELECT 1 FROM {log} WHERE user_id = NEW.user_id) THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('no learner %s is there for a row of "%s"', NEW.user_id, TG_TABLE_NAME),
                TABLE = TG_TABLE_NAME, CONSTRAINT = '{key}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION interactions_keep_learner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE feature_not_supported USING
                MESSAGE = 'people are deleted, and get other keys, at READ COMMITTED only';
        END IF;
        PERFORM 1 FROM {log} WHERE user_id = OLD.id LIMIT 1;
        IF FOUND AND NOT EXISTS (SELECT 1 FROM {learners} WHERE id = OLD.id) THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('learner %s still has rows in "%s"', OLD.id, '{log_name}'),
                TABLE = '{log_name}', CONSTRAINT = '{key}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION interactions_keep_learners() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE feature_not_supported USING MESSAGE = 'people are deleted at READ COMMITTED only';
        END IF;
        -- Where the log is emptied by the same statement, it is empty by now.
        IF EXISTS (SELECT 1 FROM {log}) THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('learners still have rows in "%s"', '{log_name}'),
                TABLE = '{log_name}', CONSTRAINT = '{key}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER {key} AFTER INSERT ON {log}
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION interactions_check_learners();
    CREATE CONSTRAINT TRIGGER {key}_still AFTER UPDATE OF user_id ON {log} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id) EXECUTE FUNCTION interactions_check_learner();
    CREATE CONSTRAINT TRIGGER {key}_deleted AFTER DELETE ON {learners} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION interactions_keep_learner();
    CREATE CONSTRAINT TRIGGER {key}_renumbered AFTER UPDATE OF id ON {learners} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION interactions_keep_learner();
    CREATE TRIGGER {key}_truncated AFTER TRUNCATE ON {learners}
        FOR EACH STATEMENT EXECUTE FUNCTION interactions_keep_learners();
"""
UNCHECK = """
    DROP TRIGGER {key}_truncated ON {learners};
    DROP TRIGGER {key}_renumbered ON {learners};
    DROP TRIGGER {key}_deleted ON {learners};
    DROP TRIGGER {key}_still ON {log};
    DROP TRIGGER {key} ON {log};
    DROP FUNCTION interactions_keep_learners();
    DROP FUNCTION interactions_keep_learner();
    DROP FUNCTION interactions_check_learner();
    DROP FUNCTION interactions_check_learners();
"""


def check_together(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in _foreign_keys(schema_editor):
            schema_editor.execute(f"ALTER TABLE {LOG} DROP CONSTRAINT {schema_editor.quote_name(name)}")
        schema_editor.execute(CHECK.format(**_whole_names(schema_editor)), params=None)


def check_each(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNCHECK.format(**_whole_names(schema_editor)), params=None)
        model = apps.get_model("interactions", "UserInteractionTrackingModel")
        key = model._meta.get_field("user")
        schema_editor.execute(schema_editor._create_fk_sql(model, key, "_fk_%(to_table)s_%(to_column)s"))


def _foreign_keys(schema_editor) -> list[str]:
    """Their names end in a hash that Django makes."""
    with schema_editor.connection.cursor() as cursor:
        told = schema_editor.connection.introspection.get_constraints(cursor, LOG)
    return [name for name, what in told.items() if what["foreign_key"] and what["columns"] == ["user_id"]]


def _whole_names(schema_editor) -> dict[str, str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE pg_class.oid IN (%s::regclass, %s::regclass) ORDER BY relname",
            [LEARNERS, LOG],
        )
        (learners,), (log,) = cursor.fetchall()
    return {"learners": learners, "log": log, "log_name": LOG, "key": KEY}


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0007_attempt_stage_case_changed_on"),
        ("accounts", "0001_initial"),
    ]
    operations = [migrations.RunPython(check_together, check_each)]
