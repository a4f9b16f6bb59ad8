"""What `./run` and `./check` start: PostgreSQL, Valkey, web, worker and beat, stopped cleanly.

For demo, development and tests. Production brings its own servers and process manager.
"""
