"""What everybody may see and do: the front page, reporting, following a report, the register."""
