"""Runs a supervisor over programs given as JSON: `python -m tests.house.supervised '{"programs": {…}, "grace_s": 1}'`."""

import json
import sys

from astria_clone.supervisor.processes import Program, Supervisor

if __name__ == "__main__":
    orders = json.loads(sys.argv[1])
    programs = [Program(name, tuple(argv)) for name, argv in orders["programs"].items()]
    sys.exit(Supervisor(programs, grace_s=orders["grace_s"], pause_s=0.05).run())
