#!/bin/sh
# Superset with the office's dashboard: makes its own database, imports what lies beside this file, and serves it.
#   SUPERSET_HOME             folder of its own database
#   SUPERSET_SECRET_KEY       signs sessions, seals the password of the warehouse
#   SUPERSET_ADMIN_PASSWORD   of the user admin
#   XIEZUO_ANALYST_PASSWORD   of the account xiezuo_analyst
#   XIEZUO_WAREHOUSE_ADDRESS  host:port/xiezuo
# Each of the secrets may be a file instead, named by the variable with _FILE behind it.
# Words after it are a command of Superset's in the same surroundings: start.sh fab reset-password.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export SUPERSET_CONFIG_PATH="$here/superset_config.py" FLASK_APP=superset

for name in SUPERSET_SECRET_KEY SUPERSET_ADMIN_PASSWORD XIEZUO_ANALYST_PASSWORD; do
    eval "file=\${${name}_FILE:-}"
    [ -z "$file" ] || export "$name=$(cat "$file")"
done

[ $# -eq 0 ] || exec superset "$@"

superset db upgrade
superset fab create-admin --username admin --firstname Xiezuo --lastname Xiezuo --email admin@localhost \
    --password "$SUPERSET_ADMIN_PASSWORD"
superset init
# What was changed by hand on the imported dashboard is put back; other dashboards are left alone.
superset import-directory --overwrite "$here/assets"
superset set-database-uri --database_name xiezuo \
    --uri "postgresql+psycopg2://xiezuo_analyst:$XIEZUO_ANALYST_PASSWORD@$XIEZUO_WAREHOUSE_ADDRESS"
unset SUPERSET_ADMIN_PASSWORD XIEZUO_ANALYST_PASSWORD
exec gunicorn --bind "${SUPERSET_BIND:-0.0.0.0:8088}" --workers 1 --worker-class gthread --threads 8 --timeout 120 \
    'superset.app:create_app()'
