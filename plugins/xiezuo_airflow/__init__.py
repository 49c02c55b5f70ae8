"""What the Dags share and what only makes sense inside Airflow; the domain itself is the package ``xiezuo``."""
