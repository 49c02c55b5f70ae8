#!/bin/sh
# Writes .env, and fresh secrets into the folder secrets/; keeps what is there already. Run again after every update: it
# makes what a new version needs, and moves secrets that an older version kept in .env into files.
# 生成 .env 和 secrets/ 目录下的随机密钥；已有的不改动。每次升级后再运行一次：补齐新增密钥，旧版 .env 中的密钥移入文件。
set -eu
umask 077
cd "${1:-$(dirname "$0")/..}"

fail() {
    printf '✗ %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  → %s\n' "$line" >&2; done
    exit 2
}

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
setting() { sed -n "s/^$1=//p" .env | tail -n 1; }

# Each secret: its file, how many random bytes (30 become 40 characters that need no escaping in a URL; keys have 32, as
# Fernet wants them), and the variable that an older version had in .env.
secrets='
person_hash_key     32 XIEZUO_SECRET_PERSON_HASH_KEY
vault_key           32 XIEZUO_SECRET_VAULT_KEY
airflow_fernet_key  32 AIRFLOW_FERNET_KEY
airflow_jwt_secret  30 AIRFLOW_JWT_SECRET
airflow_api_secret  30 AIRFLOW_API_SECRET
airflow_db          30 AIRFLOW_DB_PASSWORD
postgres_admin      30 WAREHOUSE_ADMIN_PASSWORD
postgres_owner      30 XIEZUO_SECRET_POSTGRES_OWNER
postgres_loader     30 XIEZUO_SECRET_POSTGRES_LOADER
postgres_analyst    30 XIEZUO_SECRET_POSTGRES_ANALYST
postgres_pages      30 XIEZUO_SECRET_POSTGRES_PAGES
admin_password      30 XIEZUO_ADMIN_PASSWORD
redis               30 REDIS_PASSWORD
superset_key        32 SUPERSET_SECRET_KEY
superset_admin      30 SUPERSET_ADMIN_PASSWORD'

if [ -e .env ]; then
    echo ".env is there already: its settings are left as they are"
else
    cp .env.example .env
    echo "wrote .env"
fi
folder=$(setting XIEZUO_SECRETS_DIR)
if [ -z "$folder" ]; then
    folder=./secrets
    printf '# Folder of the secrets 密钥目录\nXIEZUO_SECRETS_DIR=%s\n' "$folder" >> .env
fi

# Written beside and moved there whole, so that a half-made folder is never taken for one that lost its keys.
if [ -d "$folder" ]; then into=$folder; else into=$folder.new; fi
rm -rf "$folder.new"
mkdir -p "$into"
chmod 0700 "$into"
echo "$secrets" | while read -r name bytes was; do
    if [ -z "$name" ] || [ -s "$folder/$name" ]; then continue; fi
    value=$(setting "$was")
    if [ -z "$value" ]; then
        case $name in
            person_hash_key | vault_key | airflow_fernet_key | airflow_db | postgres_owner) [ "$into" != "$folder" ] || fail "$folder/$name is gone, and a new one would open nothing that is stored" \
                "put it back from your copy of $folder 从备份放回密钥，不能重新生成" ;;
        esac
        value=$(random "$bytes")
    fi
    printf '%s\n' "$value" > "$into/.new"
    # Containers read it under accounts of their own, so the file is open and the folder is not.
    chmod 0444 "$into/.new"
    mv "$into/.new" "$into/$name"
    echo "wrote $folder/$name"
done
if [ ! -e "$folder/connections.env" ]; then
    if [ -e connections.env ]; then mv connections.env "$into/.new"; else cp connections.env.example "$into/.new"; fi
    chmod 0644 "$into/.new"
    mv "$into/.new" "$into/connections.env"
    echo "wrote $folder/connections.env: name the sales platforms and the finance ledger in it"
fi
if [ "$into" != "$folder" ]; then mv "$into" "$folder"; fi

# What is in files now goes from .env.
echo "$secrets" | sed -n 's/.* \([A-Z_]*\)$/^\1=/p' > .env.moved
if grep -q -f .env.moved .env; then
    grep -v -f .env.moved .env > .env.new
    mv .env.new .env
    echo "moved the secrets of .env into $folder"
fi
rm -f .env.moved
echo "keep a copy of $folder in a safe place, apart from the backups 请另行妥善保管 $folder 的副本，与备份分开"
