from io import StringIO

from django.core.management import call_command

from engagement.models import TrainedModel


def told(*words: str) -> str:
    output = StringIO()
    call_command("train_models", *words, stdout=output, stderr=StringIO())
    return output.getvalue()


def test_with_too_few_learners_it_says_what_is_missing_and_stores_nothing(cast):
    assert told("--dry-run") == "Nothing was trained: learners with 14 observed days: 2 of 30.\n"
    assert not TrainedModel.objects.exists()
    assert told("--only-cards") == ""
