"""Everyone has a personal workspace from the first moment."""

import pytest
from django.contrib.auth import authenticate

from accounts import people
from accounts.models import Membership, User, Workspace
from common.errors import Invalid
from tests.concurrency import together

PASSWORD = "correct horse battery"


def test_a_new_person_owns_a_personal_workspace(db):
    user = people.create_user(email="carol@example.com", password=PASSWORD, name="Carol")

    workspace = user.personal_workspace
    assert (workspace.title, workspace.payer_id) == ("Carol", None)
    assert [(m.user, m.role) for m in Membership.objects.filter(workspace=workspace)] == [(user, "owner")]
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)


def test_a_person_signs_in_with_the_address_in_any_case(db):
    user = people.create_user(email="Carol@Example.com", password=PASSWORD)

    assert authenticate(username="carol@example.COM", password=PASSWORD) == user
    assert authenticate(username="carol@example.com", password="wrong horse battery") is None


def test_without_a_password_nobody_signs_in(alice):
    assert not alice.has_usable_password()
    assert authenticate(username="alice@example.com", password="") is None


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com"])
def test_an_address_belongs_to_one_person(alice, email):
    with pytest.raises(Invalid) as refusal:
        people.create_user(email=email, password=PASSWORD)

    assert refusal.value.errors == {"email": ["has already been taken"]}
    assert (User.objects.count(), Workspace.objects.count()) == (1, 1)


@pytest.mark.parametrize("email", ["", "alice", "alice@", "a b@example.com"])
def test_what_is_no_address_is_refused(db, email):
    with pytest.raises(Invalid) as refusal:
        people.create_user(email=email, password=PASSWORD)

    assert refusal.value.errors == {"email": ["is not an e-mail address"]}
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", "short", "password123"])
def test_a_weak_password_is_refused(db, password):
    with pytest.raises(Invalid) as refusal:
        people.create_user(email="carol@example.com", password=password)

    assert list(refusal.value.errors) == ["password"]
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_address_at_once_one_gets_it():
    made = together(2, lambda n: people.create_user(email=("d@example.com", "D@example.com")[n], password=None))

    assert sorted(type(result).__name__ for result in made) == ["Invalid", "User"]
    assert (User.objects.count(), Workspace.objects.count()) == (1, 1)
