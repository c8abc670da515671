"""PostgreSQL: the triggers of 0008 name their tables with the schema, and hear of TRUNCATE too.

A table's bare name is looked up in the search path of whoever writes: pg_dump sets none, so its data could not be
restored beneath the triggers, and a temporary table of the same name answered in place of the learners. TRUNCATE fires
no trigger of rows, and its CASCADE follows keys alone: it took the learners and left the log.

As with the key, what counts at the commit is what is there then: a row that was given to nobody on the way, and to
somebody or away at the end, is in order.
"""

import importlib

from django.db import migrations

before = importlib.import_module("interactions.migrations.0008_learners_checked_together")
LOG, LEARNERS, KEY = before.LOG, before.LEARNERS, before.KEY

CHECK = """
    CREATE OR REPLACE FUNCTION interactions_check_learners() RETURNS trigger LANGUAGE plpgsql AS $$
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

    CREATE OR REPLACE FUNCTION interactions_check_learner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM {learners} WHERE id = NEW.user_id FOR KEY SHARE;
        IF NOT FOUND AND EXISTS (SELECT 1 FROM {log} WHERE user_id = NEW.user_id) THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('no learner %s is there for a row of "%s"', NEW.user_id, TG_TABLE_NAME),
                TABLE = TG_TABLE_NAME, CONSTRAINT = '{key}';
        END IF;
        RETURN NULL;
    END $$;

    CREATE OR REPLACE FUNCTION interactions_keep_learner() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
KEEP_ALL = """
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

    CREATE TRIGGER {key}_truncated AFTER TRUNCATE ON {learners}
        FOR EACH STATEMENT EXECUTE FUNCTION interactions_keep_learners();
"""
FORGET_ALL = """
    DROP TRIGGER {key}_truncated ON {learners};
    DROP FUNCTION interactions_keep_learners();
"""


def check_by_whole_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        names = _whole_names(schema_editor)
        schema_editor.execute((CHECK + KEEP_ALL).format(**names), params=None)


def check_by_bare_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORGET_ALL.format(**_whole_names(schema_editor)), params=None)
        bare = {"learners": LEARNERS, "log": LOG, "log_name": LOG, "key": KEY}
        schema_editor.execute(CHECK.format(**bare), params=None)


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
    dependencies = [("interactions", "0008_learners_checked_together")]
    operations = [migrations.RunPython(check_by_whole_names, check_by_bare_names)]
