from django.apps import AppConfig


class UsualConfig(AppConfig):
    name = "benchmarks.ingest.usual"
    label = "usual"
