-- Instants are Unix milliseconds, spans are milliseconds, states are the numbers of OperationState.

CREATE TABLE operations (
    sequence          INTEGER PRIMARY KEY,
    type              TEXT    NOT NULL,
    id                TEXT    NOT NULL,
    owner             TEXT    NOT NULL,
    base_uri          TEXT    NOT NULL,
    state             INTEGER NOT NULL,
    attempt           INTEGER NOT NULL,
    failures          INTEGER NOT NULL,
    losses            INTEGER NOT NULL,
    version           INTEGER NOT NULL,
    version_ceiling   INTEGER NOT NULL,
    revision          INTEGER NOT NULL,
    progress          INTEGER NOT NULL,
    activity          TEXT,
    status            INTEGER,
    message           TEXT,
    error             TEXT,
    has_result        INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    started_at        INTEGER,
    updated_at        INTEGER NOT NULL,
    ended_at          INTEGER,
    expires_at        INTEGER,
    due_at            INTEGER NOT NULL,
    lease_until       INTEGER,
    retention         INTEGER NOT NULL,
    delete_when_ended INTEGER NOT NULL,
    webhook           TEXT,
    idempotency_key   TEXT,
    tags              TEXT,
    checkpoint        BLOB,
    resubmission_of   TEXT,
    resubmitted_as    TEXT,
    end_version       INTEGER
);

CREATE UNIQUE INDEX operations_key ON operations (type, id);
CREATE UNIQUE INDEX operations_idempotency ON operations (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX operations_owner ON operations (owner, type);
-- What has not ended is few, however many have: the queue never pays for the archive.
CREATE INDEX operations_waiting ON operations (type, due_at) WHERE state IN (0, 2);
CREATE INDEX operations_held ON operations (lease_until) WHERE state IN (1, 3);
CREATE INDEX operations_ended ON operations (ended_at) WHERE state >= 4;
CREATE INDEX operations_expiry ON operations (expires_at) WHERE state >= 4;

CREATE TABLE operation_tags (
    name      TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    operation INTEGER NOT NULL,
    PRIMARY KEY (name, value, operation)
) WITHOUT ROWID;

-- Payloads stand apart from the row that every change rewrites. Large ones are files; a resubmission shares the file of its predecessor.
CREATE TABLE inputs (
    operation  INTEGER PRIMARY KEY,
    media_type TEXT    NOT NULL,
    length     INTEGER NOT NULL,
    data       BLOB,
    file       TEXT,
    sha256     BLOB    NOT NULL
);

CREATE TABLE results (
    operation  INTEGER PRIMARY KEY,
    media_type TEXT    NOT NULL,
    length     INTEGER NOT NULL,
    data       BLOB,
    file       TEXT,
    sha256     BLOB    NOT NULL
);

CREATE INDEX inputs_file ON inputs (file) WHERE file IS NOT NULL;
CREATE INDEX results_file ON results (file) WHERE file IS NOT NULL;

CREATE TABLE history (
    operation INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    event     TEXT    NOT NULL,
    attempt   INTEGER,
    detail    TEXT,
    PRIMARY KEY (operation, number)
) WITHOUT ROWID;

CREATE TABLE contacts (
    operation INTEGER NOT NULL,
    way       TEXT    NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (operation, way)
) WITHOUT ROWID;

-- A gone operation is remembered for a while, so that asking for it says "gone" and its id does not start a second run.
CREATE TABLE tombstones (
    type  TEXT    NOT NULL,
    id    TEXT    NOT NULL,
    owner TEXT    NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (type, id)
) WITHOUT ROWID;

CREATE INDEX tombstones_until ON tombstones (until);
