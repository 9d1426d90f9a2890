"""What this product refuses, as classes. Only the edges know HTTP: each dialect maps `code` to its own answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """An expected no. `code` is stable; the message is for the person who asked."""

    code = "refused"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__class__.__doc__ or self.code)

    @property
    def message(self) -> str:
        return str(self.args[0])


class Invalid(Refusal):
    """Some fields can't be accepted as they stand. `errors` maps a field (or `base`) to its messages; `reasons` says of
    some, in a word for programs, why: "unreachable", "too_large", "unusable".
    """

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]], *, reasons: Mapping[str, str] | None = None) -> None:
        self.reasons = dict(reasons or {})
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__("; ".join(f"{field} {message}" for field, all_ in self.errors.items() for message in all_))


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two look alike on purpose."""

    code = "not_found"


class Unauthenticated(Refusal):
    """The key is missing, wrong, expired or revoked."""

    code = "unauthenticated"


class Forbidden(Refusal):
    """The key is good but its scopes do not cover this."""

    code = "forbidden"


class TryLater(Refusal):
    """Nothing is wrong with the request; it may succeed after `retry_after` seconds."""

    code = "try_later"

    def __init__(self, message: str = "", *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(TryLater):
    """The server has its hands full."""

    code = "busy"


class InFlight(TryLater):
    """A twin of this request, with the same Idempotency-Key, is still being worked on."""

    code = "in_flight"


class KeyReused(Refusal):
    """This Idempotency-Key came before with another request."""

    code = "idempotency_mismatch"
