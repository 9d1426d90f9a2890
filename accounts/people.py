"""Making people: every user has a personal workspace from the first moment."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts.models import Membership, User, Workspace
from common.errors import Invalid


@transaction.atomic
def create_user(*, email: str, password: str | None, name: str = "", staff: bool = False) -> User:
    """Make a user with a personal workspace; without a password they can't sign in until they set one.

    :raises Invalid: the address is taken or no address, the password too weak
    """
    _check(email, password)
    user = User(email=User.objects.normalize_email(email), name=name, is_staff=staff, is_superuser=staff)
    user.set_password(password)
    _save(user)
    workspace = Workspace.objects.create(title=name or email.partition("@")[0], personal_of=user)
    Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    return user


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # someone took the address between the look and the save
        raise _taken() from error


def _taken() -> Invalid:
    return Invalid({"email": ["has already been taken"]})


def _check(email: str, password: str | None) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid({"email": ["is not an e-mail address"]}) from error
    if User.objects.filter(email__iexact=email).exists():
        raise _taken()
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as error:
            raise Invalid({"password": list(error.messages)}) from error


NAME_MAX = 120


def change(
    *,
    user: User,
    name: str | None = None,
    auto_extend_tunes: bool | None = None,
    collapse_duplicates: bool | None = None,
) -> None:
    """Write what was given; None leaves a field as it is.

    :raises Invalid: by field
    """
    if name is not None and len(name) > NAME_MAX:
        raise Invalid({"name": [f"is too long (at most {NAME_MAX} characters)"]})
    given = {"name": name, "auto_extend_tunes": auto_extend_tunes, "collapse_duplicates": collapse_duplicates}
    fields = {field: value for field, value in given.items() if value is not None}
    if fields:
        User.objects.filter(pk=user.pk).update(**fields)
