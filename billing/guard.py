"""Triggers that make the ledger append-only and balanced, the same on SQLite and PostgreSQL (D15).

Entries go in under a transaction id that has no header yet; the header's own insert then checks them. An entry for a
header that exists, and any UPDATE, DELETE or TRUNCATE, are refused. A migration that touches these tables drops the
guard first and installs it last; so does a test flush.
"""

from __future__ import annotations

from django.db import connection

_T, _E = "billing_transaction", "billing_entry"
_REFUSED = "the ledger is append-only"
_UNBALANCED = "a ledger transaction needs two entries or more that sum to zero"
_ERRCODE = "integrity_constraint_violation"  # an IntegrityError in Python, as SQLite's RAISE(ABORT) is

_SQLITE = {
    "ledger_header_balanced": f"""CREATE TRIGGER ledger_header_balanced AFTER INSERT ON {_T}
        WHEN (SELECT count(*) FROM {_E} WHERE transaction_id = NEW.id) < 2
          OR (SELECT sum(amount_mc) FROM {_E} WHERE transaction_id = NEW.id) <> 0
        BEGIN SELECT RAISE(ABORT, '{_UNBALANCED}'); END""",
    "ledger_entry_in_time": f"""CREATE TRIGGER ledger_entry_in_time BEFORE INSERT ON {_E}
        WHEN EXISTS (SELECT 1 FROM {_T} WHERE id = NEW.transaction_id)
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    # REPLACE takes the old row away without asking the triggers of DELETE.
    "ledger_header_not_replaced": f"""CREATE TRIGGER ledger_header_not_replaced BEFORE INSERT ON {_T}
        WHEN EXISTS (SELECT 1 FROM {_T} WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM {_T} WHERE kind = NEW.kind AND reference = NEW.reference)
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    "ledger_entry_not_replaced": f"""CREATE TRIGGER ledger_entry_not_replaced BEFORE INSERT ON {_E}
        WHEN EXISTS (SELECT 1 FROM {_E} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
} | {
    f"ledger_{table}_no_{verb.lower()}": f"""CREATE TRIGGER ledger_{table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"""
    for table in (_T, _E)
    for verb in ("UPDATE", "DELETE")
}

_POSTGRES_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = '{_ERRCODE}'; END $$;
CREATE OR REPLACE FUNCTION ledger_check_header() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entries bigint; total numeric;
BEGIN
  SELECT count(*), sum(amount_mc) INTO entries, total FROM {_E} WHERE transaction_id = NEW.id;
  IF entries < 2 OR total <> 0 THEN
    RAISE EXCEPTION '{_UNBALANCED}' USING ERRCODE = '{_ERRCODE}';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION ledger_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {_T} WHERE id = NEW.transaction_id) THEN
    RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = '{_ERRCODE}';
  END IF;
  RETURN NEW;
END $$;
"""
_POSTGRES = {
    "ledger_header_balanced": f"""CREATE TRIGGER ledger_header_balanced AFTER INSERT ON {_T}
        FOR EACH ROW EXECUTE FUNCTION ledger_check_header()""",
    "ledger_entry_in_time": f"""CREATE TRIGGER ledger_entry_in_time BEFORE INSERT ON {_E}
        FOR EACH ROW EXECUTE FUNCTION ledger_check_entry()""",
} | {
    f"ledger_{table}_append_only": f"""CREATE TRIGGER ledger_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
        ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"""
    for table in (_T, _E)
}
_TABLE_OF = {name: _E if "entry" in name else _T for name in _SQLITE | _POSTGRES}


def install_ledger_guard() -> None:
    """Create the triggers that are missing; may be called any number of times."""
    missing = set(missing_guards())
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTIONS)
        for name, statement in _triggers().items():
            if name in missing:
                cursor.execute(statement)


def drop_ledger_guard() -> None:
    """Remove the triggers, for a migration or a test flush; whoever calls this installs them again."""
    with connection.cursor() as cursor:
        for name in _triggers():
            table = f" ON {_TABLE_OF[name]}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing_guards() -> list[str]:
    """Names of the triggers that should be there and are not; `/readyz` and `check_ledger` fail on any."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger_%%' AND NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%%'"
    with connection.cursor() as cursor:
        cursor.execute(query.replace("%%", "%"))
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in _triggers() if name not in there]


def _triggers() -> dict[str, str]:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE
