#!/bin/sh
# Prints what is in a secret's file, within a text where one is given:
#   secret.sh /run/secrets/airflow_db postgresql+psycopg://airflow:%s@postgres-metadata:5432/airflow
# Airflow calls it for every setting AIRFLOW__…_CMD: so no secret stands in a container's environment.
set -eu

secret=$(cat "$1") || exit 2
if [ -z "$secret" ]; then
    printf 'xiezuo: the secret %s is empty: run deploy/make-env.sh\n' "$1" >&2
    exit 2
fi
before=${2:-%s}
printf '%s%s%s' "${before%%\%s*}" "$secret" "${before#*%s}"
