"""Calendars and regimes as delivered: facts in files, each with its source, and their readers."""
