from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = "Interactions"

    def ready(self):
        from interactions.models import ScoringPolicy, ScoringRule
        from interactions.policies import forget_policies

        for model in (ScoringPolicy, ScoringRule):
            post_save.connect(forget_policies, sender=model)
            post_delete.connect(forget_policies, sender=model)
