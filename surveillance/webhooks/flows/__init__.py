"""The verbs of webhooks and of sending again."""
