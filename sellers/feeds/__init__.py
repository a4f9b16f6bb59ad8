"""Readers of foreign record formats: bytes in, frozen records out.

Pure: no ORM, no settings, no network, no clock. A feed is one module with a
``read(stream)`` function and a ``FEED`` constant, entered in ``registry.py``.
"""
