# The one image of every Airflow component. Needs BuildKit (Docker 23 and later have it on).
# A package index of your own: docker build --secret id=pip,src=/etc/pip.conf …
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
# Every package by its hash; the image has the Celery ones on top, so that one image serves both executors.
COPY requirements-celery.lock ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    /opt/venv/bin/pip install --require-hashes --requirement requirements-celery.lock
# The project as its wheel, which holds include/ and expectations/ and no sample.
COPY pyproject.toml README.md LICENSE ./
COPY src/xiezuo src/xiezuo
COPY include include
COPY expectations expectations
RUN /opt/venv/bin/pip install --no-index --no-deps --no-build-isolation .

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 xiezuo \
    && useradd --uid 10001 --gid 10001 --home-dir /opt/airflow --no-create-home --shell /usr/sbin/nologin xiezuo \
    && install --directory --owner 10001 --group 10001 --mode 0750 \
        /opt/airflow /opt/airflow/logs /srv/xiezuo /srv/xiezuo/home /srv/xiezuo/home/people \
        /srv/xiezuo/inbox /srv/xiezuo/out /srv/xiezuo/backup \
    && install --owner 10001 --group 10001 --mode 0640 /dev/null /opt/airflow/airflow.cfg
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/xiezuo
COPY dags dags
COPY plugins plugins
COPY deploy deploy
# The empty airflow.cfg above keeps Airflow from writing one: everything is configured by the environment.
ENV PATH=/opt/xiezuo/deploy/image:/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/xiezuo/deploy/airflow \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    TZ=Asia/Shanghai \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/xiezuo/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/xiezuo/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    XIEZUO_HOME=/srv/xiezuo/home \
    XIEZUO_INBOX=/srv/xiezuo/inbox \
    XIEZUO_OUT=/srv/xiezuo/out
USER 10001:10001
# What is healthy differs by component: docker-compose.yaml says it for each.
HEALTHCHECK NONE
ENTRYPOINT ["/opt/xiezuo/deploy/image/start.sh"]
