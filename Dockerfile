# One image for every process: `run` (the default), `serve`, `work`, `poll`, `migrate` … follow the image's name.
# With a read-only root it needs one writable place, the volume /data; `demo` also wants /tmp.
ARG PYTHON_TAG=3.11-slim-bookworm

FROM python:${PYTHON_TAG} AS build
WORKDIR /app
COPY requirements.txt /build/
# Wheels only: building from source would bring in tools that no hash covers.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --no-cache-dir --no-compile --disable-pip-version-check \
    --only-binary=:all: --require-hashes -r /build/requirements.txt
COPY service ./service
COPY schemas ./schemas
# Compiled here, because nothing can be written there later. Unchecked, because nothing changes there either, and a
# tool that evens out file times for a reproducible image must not make the bytecode stale.
RUN /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /app/service

FROM python:${PYTHON_TAG}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Aftermath" \
      org.opencontainers.image.description="Follows a story after the article has ended: polls news feeds and serves what changed" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Any uid will do (`--user 12345:0`): no account is looked up, and group 0, where such a uid belongs, may write.
RUN install -d -o 10001 -g 0 -m 0770 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    AFTERMATH_HOST=0.0.0.0 \
    AFTERMATH_DATABASE_URL=sqlite:////data/aftermath.db
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Asks /readyz. Switch it off where nothing listens (`work`).
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "service", "healthcheck"]
# No shell and no init in between: Python gets the signals, and reaps its parser processes, which start none themselves.
ENTRYPOINT ["python", "-m", "service"]
CMD ["run"]
