"""The work through the API: reports, cases, takedown requests, items and answers."""
