"""Idempotency-Key: a call that is sent twice is carried out once.

Follows draft-ietf-httpapi-idempotency-key-header; what was decided beyond it stands in
docs/decisions/0015-idempotency.md.
"""
