#!/bin/sh
# Writes .env from .env.example with fresh secrets, and connections.env; keeps what is there already.
# 由 .env.example 生成 .env(自动填好随机密钥)和 connections.env；已有文件不改动。
set -eu
umask 077
cd "${1:-$(dirname "$0")/..}"

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }

if [ -e .env ]; then
    echo ".env is there already: left as it is"
else
    while IFS= read -r line; do
        case $line in
            *_KEY=)                 printf '%s%s\n' "$line" "$(random 32)" ;;   # 32 bytes, as Fernet wants them
            *_PASSWORD= | *_SECRET= | XIEZUO_SECRET_POSTGRES_*=)
                                    printf '%s%s\n' "$line" "$(random 30)" ;;   # 40 characters that need no escaping in a URL
            *)                      printf '%s\n' "$line" ;;
        esac
    done < .env.example > .env.new
    mv .env.new .env
    echo "wrote .env: keep a copy of its secrets in a safe place"
fi
if [ -e connections.env ]; then
    echo "connections.env is there already: left as it is"
else
    cp connections.env.example connections.env
    echo "wrote connections.env: name the sales platforms and the finance ledger in it"
fi
