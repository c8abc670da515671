"""Finding a person by his public id, under the visibility rule."""

import pytest
from django.http import Http404

from accounts.selectors import visible_user


@pytest.mark.parametrize("viewer", ["lena", "edda", "ada"])
def test_lena_is_found_by_herself_her_educator_and_the_admin(cast, viewer, lena):
    assert visible_user(cast[viewer], "lena") == lena


@pytest.mark.parametrize("viewer", ["mia", "otto", "sim"])
def test_lena_is_not_there_for_anybody_else(cast, viewer):
    with pytest.raises(Http404):
        visible_user(cast[viewer], "lena")


@pytest.mark.parametrize("viewer", ["lena", "edda", "ada", "sim"])
def test_me_is_the_viewer(cast, viewer):
    assert visible_user(cast[viewer], "me") == cast[viewer]


@pytest.mark.parametrize("public_id", ["nobody", "", "Lena", "lena ", "le\0na", "1"])
def test_an_unknown_id_is_not_there_even_for_the_admin(ada, public_id):
    with pytest.raises(Http404):
        visible_user(ada, public_id)
