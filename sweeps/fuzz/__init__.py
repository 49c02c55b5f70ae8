"""``make fuzz``: spoiled ledgers through the production reader, every one of them held to its account."""
