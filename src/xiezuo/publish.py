from __future__ import annotations

def summarise(settings, county_code, period):
    return []
