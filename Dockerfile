FROM python:3.12-slim

# PYTHONSAFEPATH: a server.py or bot.py that happens to lie in the working directory must not stand in for ours.
ENV PYTHONSAFEPATH=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PATH=/opt/linkdesk/bin:$PATH

# The steps of "make setup", with the runtime's lock file.
WORKDIR /src
COPY requirements-run.lock ./
RUN python -m venv /opt/linkdesk \
    && /opt/linkdesk/bin/python -m pip install --require-hashes -r requirements-run.lock
COPY . .
RUN /opt/linkdesk/bin/python -m pip install --no-deps --no-build-isolation .

# The data folder exists and is theirs, so that a volume put there is too.
RUN useradd --create-home --uid 1000 linkdesk \
    && install -d -o linkdesk -g linkdesk /home/linkdesk/.local /home/linkdesk/.local/share /home/linkdesk/.local/share/linkdesk
USER linkdesk
WORKDIR /home/linkdesk

ENTRYPOINT ["linkdesk"]
CMD ["--help"]
