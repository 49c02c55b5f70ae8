"""Consumption support: orders, exports, ledgers, registers of suppliers and products."""

from __future__ import annotations
