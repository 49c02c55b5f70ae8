"""Closing a period: its documents are drafted, approved by a person, frozen, and restated when data come late."""
