"""A tune and the prompts that come with it: accepted, charged and announced together, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Caller
from billing import spending
from common.errors import Invalid
from prompts.models import Prompt
from prompts.request import PromptRequest
from prompts.submission.accept import PriceChanged, accept
from prompts.submission.prepare import Prepared, prepare_quoted
from prompts.submission.quote import Quote, quote
from tunes import submission as tunes
from tunes.models import Tune
from tunes.request import TuneRequest
from tunes.submission import PreparedTune, TuneQuote

PROMPTS_MAX = 100


@dataclass(frozen=True, kw_only=True)
class QuotedTune:
    """What a tune and its prompts would cost together."""

    tune: TuneQuote
    prompts: tuple[Quote, ...]

    @property
    def cost_mc(self) -> int:
        return self.tune.cost_mc + sum(prompt.cost_mc for prompt in self.prompts)


def quote_with_tune(
    *, caller: Caller, tune: TuneRequest, prompts: Sequence[PromptRequest], now: datetime
) -> QuotedTune:
    """
    :raises Invalid: by field, everything that can be said without looking into files
    """
    if len(prompts) > PROMPTS_MAX:
        raise Invalid({"prompts_attributes": [f"holds more than {PROMPTS_MAX} prompts"]})
    quoted = tunes.quote(caller=caller, request=tune, now=now)
    errors: dict[str, list[str]] = {}
    found = [_quote(caller, request, n, quoted.tune, errors, now=now) for n, request in enumerate(prompts)]
    if errors:
        raise Invalid(errors)
    return QuotedTune(tune=quoted, prompts=tuple(one for one in found if one))


def prepare_with_tune(
    *, caller: Caller, tune: TuneRequest, prompts: Sequence[PromptRequest], now: datetime
) -> tuple[PreparedTune, list[Prepared]]:
    """Quote everything, look at the balance, and only then fetch and decode (D18).

    :raises Invalid: by field
    :raises InsufficientFunds: the balance would not do
    :raises OutOfSpace: the disk is nearly full
    :raises Busy: too many requests are decoding files already
    """
    quoted = quote_with_tune(caller=caller, tune=tune, prompts=prompts, now=now)
    balance_mc = spending.look(
        caller=caller, amount_mc=quoted.cost_mc, slots=len(quoted.prompts) + bool(quoted.tune.training)
    )
    ready = tunes.prepare(caller=caller, quoted=quoted.tune)
    rest = [_prepare(caller, one, n, balance_mc) for n, one in enumerate(quoted.prompts)]
    return ready, rest


def accept_with_tune(
    *, tune: PreparedTune, prompts: Sequence[Prepared], agreed_mc: int | None, now: datetime
) -> tuple[Tune, list[Prompt]]:
    """Write and charge it all. Runs inside the caller's transaction and does no other I/O.

    :raises PriceChanged: it costs more than `agreed_mc`
    :raises InsufficientFunds: another request was faster; the transaction has to roll back
    """
    cost_mc = tune.quote.cost_mc + sum(one.quote.cost_mc for one in prompts)
    if agreed_mc is not None and cost_mc > agreed_mc:
        raise PriceChanged(cost_mc=cost_mc, agreed_mc=agreed_mc)
    made, is_new = tunes.accept_once(prepared=tune, now=now)
    if not is_new:
        return made, []
    return made, [accept(prepared=one, agreed_mc=None, now=now) for one in prompts]


def _quote(
    caller: Caller, request: PromptRequest, number: int, posted: Tune, errors: dict[str, list[str]], *, now: datetime
) -> Quote | None:
    try:
        return quote(caller=caller, request=request, now=now, posted=posted)
    except Invalid as error:
        errors.update(named(number, error.errors))
        return None


def _prepare(caller: Caller, quoted: Quote, number: int, balance_mc: int) -> Prepared:
    try:
        return prepare_quoted(caller=caller, quoted=quoted, balance_mc=balance_mc)
    except Invalid as error:
        raise Invalid(named(number, error.errors)) from error


def named(number: int, errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """A prompt's errors by the names that its fields have in the form of the tune."""
    return {f"prompts_attributes[{number}][{field}]": list(messages) for field, messages in errors.items()}
