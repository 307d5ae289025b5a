"""Runs create() of assets/samples/instance.py, and is killed when N statements were sent: killed_instance.py N POOL NAME

Statements count as they are sent, the beginning and the end of the transaction too; an answer to the last one is not
awaited.
"""
import os
import runpy
import signal
import sys
import uuid

import psycopg

last = int(sys.argv[1])
sent = 0


class Killed(psycopg.Connection):
    def wait(self, gen, **options):
        """Each statement passes here, as a generator that sends it and then waits."""
        global sent
        sent += 1
        if sent == last + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        if sent == last:
            next(gen)  # sends it
            os.kill(os.getpid(), signal.SIGKILL)
        return super().wait(gen, **options)


sample = runpy.run_path("assets/samples/instance.py")
with Killed.connect("", autocommit=True) as conn:
    sent = 0
    sample["create"](conn, sys.argv[2], sys.argv[3], uuid.uuid4())
    print("statements:", sent)
