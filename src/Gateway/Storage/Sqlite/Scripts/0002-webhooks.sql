ALTER TABLE operations ADD COLUMN trace_parent TEXT;

CREATE TABLE subscriptions (
    id              TEXT    PRIMARY KEY,
    owner           TEXT    NOT NULL,
    webhook         TEXT    NOT NULL,
    types           TEXT,
    states          TEXT,
    tags            TEXT,
    every_change    INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    disabled_reason TEXT,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    secret          TEXT,
    retired_secrets TEXT,
    failing_since   INTEGER
) WITHOUT ROWID;

CREATE INDEX subscriptions_owner ON subscriptions (owner);

-- One row is one message to one target; its id is the webhook-id of every try. 'lane' is what shares a limit: scheme, host and port.
-- A claimed row is due again when its lease is over. 'due_at' is NULL where nobody sends it: its subscription is paused, or it is fetched.
CREATE TABLE deliveries (
    number       INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    kind         INTEGER NOT NULL,
    operation    TEXT,
    base_uri     TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    subscription TEXT,
    target       TEXT    NOT NULL,
    lane         TEXT    NOT NULL,
    trace_parent TEXT,
    state        INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    due_at       INTEGER,
    lease_until  INTEGER,
    finished_at  INTEGER,
    body         BLOB    NOT NULL
);

CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
CREATE INDEX deliveries_operation ON deliveries (operation) WHERE operation IS NOT NULL;
CREATE INDEX deliveries_subscription ON deliveries (subscription) WHERE subscription IS NOT NULL;
-- What is pending is looked for by target, so that a long queue of one does not stand before the others.
CREATE INDEX deliveries_pending ON deliveries (lane, due_at) WHERE state = 0;
CREATE INDEX deliveries_held ON deliveries (subscription) WHERE state = 0 AND due_at IS NULL;
CREATE INDEX deliveries_delivered ON deliveries (finished_at) WHERE state = 1;
CREATE INDEX deliveries_failed ON deliveries (state) WHERE state >= 2;

CREATE TABLE delivery_attempts (
    delivery INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    status   INTEGER,
    duration INTEGER NOT NULL,
    error    TEXT,
    answer   TEXT,
    PRIMARY KEY (delivery, number)
) WITHOUT ROWID;
