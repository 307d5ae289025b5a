#!/usr/bin/python3
"""Creates an instance with an address: instance.py CONNECTION POOL NAME...

The row of the application and the lease are made in one transaction.  The id of the lease is chosen before it, so that a
transaction whose answer was lost is repeated as it was.
"""
import sys
import uuid

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure

POOL_EXHAUSTED = "BE008"


def create(conn, pool, name, lease):
    """Makes the instance and its lease, and returns the address. The lease comes last: it locks what others wait for."""
    with conn.transaction():
        conn.execute("insert into instance values (%s, %s)", (name, lease))
        row = conn.execute(
            "select value from berth_api.allocate(pool => %s, id => %s, holder => %s)", (pool, lease, name)
        ).fetchone()
    return row[0]


def main(connection, pool, *names):
    with psycopg.connect(connection, autocommit=True) as conn:
        for name in names:
            lease = uuid.uuid4()
            while True:
                try:
                    print(name, create(conn, pool, name, lease))
                    break
                except (DeadlockDetected, SerializationFailure):
                    continue
                except psycopg.Error as error:
                    if error.sqlstate == POOL_EXHAUSTED:
                        sys.exit(f"{name}: no address: {error.diag.message_primary}")
                    raise


if __name__ == "__main__":
    main(*sys.argv[1:])
