"""Enter the first scoring policy."""

from datetime import date

from django.db import migrations

# Imported, not copied: a version's rules never change once it is in force, so this can only ever say es-1.
from interactions.domain.policy import ES_1


def enter_policy(apps, schema_editor):
    policy = apps.get_model("interactions", "ScoringPolicy").objects.create(
        version=ES_1.version,
        effective_from=date(1970, 1, 1),
        note="The first policy. Formulas and sources: docs/engagement-score.md.",
    )
    ScoringRule = apps.get_model("interactions", "ScoringRule")
    ScoringRule.objects.bulk_create(
        ScoringRule(
            policy=policy,
            interaction_type=interaction_type,
            resource_type=resource_type,
            weight=rule.weight,
            half_life=rule.half_life,
            cap=rule.cap,
            minimum_time=rule.minimum_time,
            scored=rule.scored,
        )
        for (interaction_type, resource_type), rule in ES_1.rules.items()
    )


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial")]
    operations = [migrations.RunPython(enter_policy, migrations.RunPython.noop)]
