"""``make crash-sweep``: runs that are killed, cut off or raced; the next run must end as if nothing had been."""
