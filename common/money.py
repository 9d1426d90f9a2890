"""One unit for everything that moves: the millicent (1,000 mc = 1 ¢), always an int, always named `*_mc`."""

from __future__ import annotations

from decimal import Decimal

MC_PER_CENT = 1_000


def mc_of_cents(cents: Decimal | int) -> int:
    """Turn typed cents (up to 3 decimals) into millicents, exactly.

    :raises ValueError: finer than a millicent
    """
    mc = Decimal(cents) * MC_PER_CENT
    if mc != mc.to_integral_value():
        raise ValueError(f"{cents}¢ is finer than a millicent")
    return int(mc)


def cents_of_mc(mc: int) -> int | float:
    """Millicents as the cents that a person reads: 14000 → 14, 2875 → 2.875. For display only, never for sums."""
    whole, rest = divmod(mc, MC_PER_CENT)
    return whole if rest == 0 else mc / MC_PER_CENT


def dollars(mc: int) -> str:
    """Millicents as dollars, with no more digits than it takes: "$1.40", "$0.02875"."""
    sign, mc = ("-", -mc) if mc < 0 else ("", mc)
    digits = f"{Decimal(mc) / 100_000:.5f}"
    whole, fraction = digits.split(".")
    return f"{sign}${whole}.{fraction[:2]}{fraction[2:].rstrip('0')}"
