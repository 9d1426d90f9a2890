"""Collects what is wrong with a request, so that its sender hears everything at once."""

from __future__ import annotations

from common.errors import Invalid


class Trouble:
    def __init__(self) -> None:
        self._errors: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        messages = self._errors.setdefault(field, [])
        if message not in messages:
            messages.append(message)

    def stop(self) -> None:
        """
        :raises Invalid: something was added
        """
        if self._errors:
            raise Invalid(self._errors)
