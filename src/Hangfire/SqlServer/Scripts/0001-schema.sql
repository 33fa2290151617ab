-- For T-SQL as of SQL Server 2016. Instants are Unix milliseconds of this server's clock, spans are milliseconds, states are the numbers of OperationState. Keys compare by their bytes, whatever
-- the collation of the database; none is longer than the 900 bytes of a clustered one, or the 1,700 of another.

-- Each writing session counts its transactions here: so it can be asked whether a commit was made that got no answer.
CREATE TABLE writers (
    id      bigint NOT NULL PRIMARY KEY,
    batch   bigint NOT NULL,
    seen_at bigint NOT NULL
);

CREATE TABLE secrets (
    name  nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    value nvarchar(max) NOT NULL
);

CREATE SEQUENCE operations_sequence AS bigint START WITH 1 INCREMENT BY 1 CACHE 1000;

CREATE TABLE operations (
    sequence          bigint NOT NULL PRIMARY KEY,
    type              nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    id                nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    owner             nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    base_uri          nvarchar(max) NOT NULL,
    state             bigint NOT NULL,
    attempt           bigint NOT NULL,
    failures          bigint NOT NULL,
    losses            bigint NOT NULL,
    version           bigint NOT NULL,
    version_ceiling   bigint NOT NULL,
    revision          bigint NOT NULL,
    progress          bigint NOT NULL,
    activity          nvarchar(max),
    status            bigint,
    message           nvarchar(max),
    error             nvarchar(max),
    has_result        bigint NOT NULL,
    created_at        bigint NOT NULL,
    started_at        bigint,
    updated_at        bigint NOT NULL,
    ended_at          bigint,
    expires_at        bigint,
    due_at            bigint NOT NULL,
    lease_until       bigint,
    retention         bigint NOT NULL,
    delete_when_ended bigint NOT NULL,
    webhook           nvarchar(max),
    idempotency_key   nvarchar(255) COLLATE Latin1_General_100_BIN2,
    tags              nvarchar(max),
    "checkpoint"      varbinary(max),
    resubmission_of   nvarchar(max),
    resubmitted_as    nvarchar(max),
    end_version       bigint,
    trace_parent      nvarchar(max),
    -- Grows with every change: what other servers have changed can be read from it.
    row_version       rowversion NOT NULL
);

CREATE UNIQUE INDEX operations_key ON operations (type, id);
CREATE UNIQUE INDEX operations_idempotency ON operations (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX operations_owner ON operations (owner, type, sequence);
-- What has not ended is few, however many have: the queue never pays for the archive.
CREATE INDEX operations_waiting ON operations (type, due_at, sequence) WHERE state IN (0, 2);
CREATE INDEX operations_held ON operations (lease_until) WHERE state IN (1, 3);
CREATE INDEX operations_ended ON operations (ended_at) WHERE state >= 4;
CREATE INDEX operations_expiry ON operations (expires_at) WHERE state >= 4;

CREATE TABLE operation_tags (
    name      nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    value     nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    operation bigint NOT NULL,
    PRIMARY KEY (name, value, operation)
);

-- Payloads stand apart from the row that every change rewrites. Large ones are chunks; a resubmission shares those of its predecessor.
CREATE TABLE inputs (
    operation  bigint NOT NULL PRIMARY KEY,
    media_type nvarchar(max) NOT NULL,
    length     bigint NOT NULL,
    data       varbinary(max),
    "file"     nvarchar(64) COLLATE Latin1_General_100_BIN2,
    sha256     varbinary(max)  NOT NULL
);

CREATE TABLE results (
    operation  bigint NOT NULL PRIMARY KEY,
    media_type nvarchar(max) NOT NULL,
    length     bigint NOT NULL,
    data       varbinary(max),
    "file"     nvarchar(64) COLLATE Latin1_General_100_BIN2,
    sha256     varbinary(max)  NOT NULL
);

CREATE INDEX inputs_file ON inputs ("file") WHERE "file" IS NOT NULL;
CREATE INDEX results_file ON results ("file") WHERE "file" IS NOT NULL;

CREATE TABLE payload_chunks (
    payload nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    number  bigint NOT NULL,
    data    varbinary(max)  NOT NULL,
    PRIMARY KEY (payload, number)
);

-- Payloads that no row of 'inputs' or 'results' names: on their way to one, or left behind.
CREATE TABLE unnamed_payloads (
    payload    nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    touched_at bigint NOT NULL
);

CREATE INDEX unnamed_payloads_touched ON unnamed_payloads (touched_at);

-- One row, locked by who takes names from payloads.
CREATE TABLE payload_removal (
    removed_at bigint NOT NULL
);

INSERT INTO payload_removal (removed_at) VALUES (0);

CREATE TABLE history (
    operation bigint NOT NULL,
    number    bigint NOT NULL,
    at        bigint NOT NULL,
    event     nvarchar(max) NOT NULL,
    attempt   bigint,
    detail    nvarchar(max),
    PRIMARY KEY (operation, number)
);

CREATE TABLE contacts (
    operation bigint NOT NULL,
    way       nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    first_at  bigint NOT NULL,
    last_at   bigint NOT NULL,
    count     bigint NOT NULL,
    PRIMARY KEY (operation, way)
);

-- A gone operation is remembered for a while, so that asking for it says "gone" and its id does not start a second run.
CREATE TABLE tombstones (
    type  nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    id    nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    owner nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE INDEX tombstones_until ON tombstones (until);

CREATE TABLE subscriptions (
    id              nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    owner           nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    webhook         nvarchar(max) NOT NULL,
    types           nvarchar(max),
    states          nvarchar(max),
    tags            nvarchar(max),
    every_change    bigint NOT NULL,
    state           bigint NOT NULL,
    disabled_reason nvarchar(max),
    created_at      bigint NOT NULL,
    expires_at      bigint,
    secret          nvarchar(max),
    retired_secrets nvarchar(max),
    failing_since   bigint
);

CREATE INDEX subscriptions_owner ON subscriptions (owner);

-- One row. Servers keep the subscriptions in memory; this tells them when they have to read them again, and is the lock of who changes one.
CREATE TABLE subscription_revision (
    revision bigint NOT NULL
);

INSERT INTO subscription_revision (revision) VALUES (0);

CREATE SEQUENCE deliveries_sequence AS bigint START WITH 1 INCREMENT BY 1 CACHE 1000;

-- One row is one message to one target; its id is the webhook-id of every try. 'lane' is what shares a limit: scheme, host and port. A claimed row is due again when
-- its lease is over. 'due_at' is NULL where nobody sends it: its subscription is paused, or it is fetched. It lies in its mailbox while 'received_at' is not NULL;
-- 'hidden_until' is when it is given out again after it was read, NULL while nobody has read it.
CREATE TABLE deliveries (
    number       bigint NOT NULL PRIMARY KEY,
    id           nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    owner        nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL,
    kind         bigint NOT NULL,
    operation    nvarchar(200) COLLATE Latin1_General_100_BIN2,
    base_uri     nvarchar(max) NOT NULL,
    version      bigint NOT NULL,
    subscription nvarchar(64) COLLATE Latin1_General_100_BIN2,
    target       nvarchar(max) NOT NULL,
    lane         nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    trace_parent nvarchar(max),
    state        bigint NOT NULL,
    failures     bigint NOT NULL,
    created_at   bigint NOT NULL,
    due_at       bigint,
    lease_until  bigint,
    finished_at  bigint,
    body         varbinary(max)  NOT NULL,
    received_at  bigint,
    hidden_until bigint
);

CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
CREATE INDEX deliveries_operation ON deliveries (operation) WHERE operation IS NOT NULL;
CREATE INDEX deliveries_subscription ON deliveries (subscription) WHERE subscription IS NOT NULL;
-- What is pending is looked for by target, so that a long queue of one does not stand before the others.
CREATE INDEX deliveries_pending ON deliveries (lane, due_at) WHERE state = 0;
CREATE INDEX deliveries_held ON deliveries (subscription) WHERE state = 0 AND due_at IS NULL AND received_at IS NULL;
CREATE INDEX deliveries_delivered ON deliveries (finished_at) WHERE state = 1;
CREATE INDEX deliveries_failed ON deliveries (state) WHERE state >= 2;
CREATE INDEX deliveries_mailbox ON deliveries (lane, number, hidden_until) WHERE received_at IS NOT NULL;
CREATE INDEX deliveries_received ON deliveries (received_at) WHERE received_at IS NOT NULL;

CREATE TABLE delivery_attempts (
    delivery bigint NOT NULL,
    number   bigint NOT NULL,
    at       bigint NOT NULL,
    status   bigint,
    duration bigint NOT NULL,
    error    nvarchar(max),
    answer   nvarchar(max),
    PRIMARY KEY (delivery, number)
);

-- A name belongs for good to the owner who first used it.
CREATE TABLE mailboxes (
    number bigint IDENTITY NOT NULL PRIMARY KEY,
    name   nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    owner  nvarchar(256) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE UNIQUE INDEX mailboxes_name ON mailboxes (name);
CREATE INDEX mailboxes_owner ON mailboxes (owner);
