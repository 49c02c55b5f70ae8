"""The embedded mode: ``make run``, ``make up`` and ``make down`` on one machine, with nothing to set up first.

Airflow runs in processes of its own and is spoken to over its REST interface: it is never imported here.
"""
