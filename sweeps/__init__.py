"""What looks for faults for an hour rather than a minute: sweeps/README.md. It is no part of the product."""
