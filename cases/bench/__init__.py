"""How fast we are, against what: `manage.py bench` on a database that `generate` has filled.

Each kind of work is done by the application in two gunicorn workers, by the bare SQL for the same
rows (the floor), and where there is one by a lean Django page that asks the same statements. All
in one run on one machine, so that the ratios mean something; the milliseconds do not travel.
"""
