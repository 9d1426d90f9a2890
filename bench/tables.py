"""`python -m bench.tables product|floor fill|tally|faults`, under the environment of that side; answers in JSON."""

import importlib
import json
import sys

import django
from django.core.management import call_command
from django.db import connection

SIDES = {"product": "bench.product", "floor": "bench.floor.data"}


def main(side, what):
    django.setup()
    if side == "floor" and what == "fill":
        call_command("migrate", run_syncdb=True, verbosity=0)
    answer = getattr(importlib.import_module(SIDES[side]), what)()
    if what == "fill" and connection.vendor == "postgresql":  # what autovacuum does with tables that have grown
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
