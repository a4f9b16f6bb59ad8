"""The desk: inbox, reports, cases, takedown requests, search."""
