"""Made-up but believable data at the size of a large authority: `manage.py generate`.

`words` and `distributions` are pure; `market` and `work` make rows in memory, a week at a time;
`trail` says what happened to them; `writing` copies them in. One seed gives the same rows.
"""
