#!/bin/sh
# The entrance of the image: start.sh migrate | api-server | scheduler | dag-processor | triggerer | worker.
# Any other words are a command to run in the same surroundings: start.sh xiezuo alerts test.
set -eu

fail() {
    printf 'xiezuo: %s\n' "$1" >&2
    exit 2
}

# One setting switches metrics and traces on: where they are sent.
if [ -n "${OTEL_EXPORTER_OTLP_ENDPOINT:-}" ]; then
    export AIRFLOW__METRICS__OTEL_ON=True AIRFLOW__TRACES__OTEL_ON=True
fi

# One setting switches lineage on; what events would say of people stays here.
if [ -n "${XIEZUO_OPENLINEAGE_URL:-}" ]; then
    AIRFLOW__OPENLINEAGE__TRANSPORT=$(printf '{"type": "transform", "transformer_class": "%s", "transport": {"type": "http", "url": "%s"}}' \
        xiezuo_airflow.openlineage.WithoutPeople "$XIEZUO_OPENLINEAGE_URL")
    export AIRFLOW__OPENLINEAGE__TRANSPORT
fi

# One setting has task logs copied to a store of objects: which one.
if [ -n "${XIEZUO_LOGS_URL:-}" ]; then
    export AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS=xiezuo_task_logs.DEFAULT_LOGGING_CONFIG
fi

# Connections and whom to tell: lines NAME=value of a file, taken as they stand. What is given to the engine as a
# container's environment, everybody can read who may ask the engine.
if [ -n "${XIEZUO_ENV_FILE:-}" ]; then
    carriage=$(printf '\r')
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            [A-Z]*=*) export "${line%"$carriage"}" ;;
        esac
    done < "$XIEZUO_ENV_FILE"
fi

case ${1:-} in
    migrate)
        airflow db migrate
        airflow pools set "$XIEZUO_PLATFORM_POOL" 4 "他方系统(平台、台账库)的并发上限 / tasks that load somebody else's system"
        exec xiezuo warehouse migrate
        ;;
    api-server)
        # The password of admin, the installation's own account; Airflow reads it from a file of JSON and from nowhere else.
        password=$("${0%/*}/secret.sh" "$XIEZUO_ADMIN_PASSWORD_FILE")
        passwords=$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE
        (
            umask 077
            printf '%s' "$password" | python -c 'import json, sys; print(json.dumps({"admin": sys.stdin.read()}))' > "$passwords"
        )
        exec airflow api-server
        ;;
    scheduler | triggerer)
        # On one server the api-server reads task logs from the volume they share.
        exec airflow "$1" --skip-serve-logs
        ;;
    dag-processor)
        exec airflow dag-processor
        ;;
    worker)
        [ "${AIRFLOW__CORE__EXECUTOR:-}" = CeleryExecutor ] ||
            fail "no task would ever reach this worker: set XIEZUO_EXECUTOR=CeleryExecutor in .env and start again"
        exec airflow celery worker --skip-serve-logs
        ;;
    "")
        fail "say what to start: migrate, api-server, scheduler, dag-processor, triggerer or worker"
        ;;
    *)
        exec "$@"
        ;;
esac
