"""Where SQL runs, always in a child process.

database.py     what the library uses: open, describe, run
pool.py         the caller's side of the child processes: deadlines, kills, replacements
protocol.py     the frames between them
worker.py       the child: duck.py (DuckDB, locked by settings.py) or lite.py (SQLite asked natively)
scoped.py       duck.py for a session that may see a part of the file only (scope.py says which)
description.py  what is learnt of a file: catalogue.py (names), profile.py (rows, values, dates), keys.py (and inferred keys)
importing.py    other files become a cached DuckDB file, by another child: convert.py, from_sqlite.py, from_excel.py, staging.py
cache.py        what is kept on disk between two starts
"""
