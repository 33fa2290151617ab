-- Instants are Unix milliseconds of this server's clock, spans are milliseconds, states are the numbers of OperationState. Keys compare by their bytes, whatever
-- the locale of the database.

-- Each writing session counts its transactions here: so it can be asked whether a commit was made that got no answer.
CREATE TABLE writers (
    id      bigint PRIMARY KEY,
    batch   bigint NOT NULL,
    seen_at bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE secrets (
    name  text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);

CREATE SEQUENCE operations_sequence;

CREATE TABLE operations (
    sequence          bigint PRIMARY KEY,
    type              text COLLATE "C" NOT NULL,
    id                text COLLATE "C" NOT NULL,
    owner             text COLLATE "C" NOT NULL,
    base_uri          text   NOT NULL,
    state             bigint NOT NULL,
    attempt           bigint NOT NULL,
    failures          bigint NOT NULL,
    losses            bigint NOT NULL,
    version           bigint NOT NULL,
    version_ceiling   bigint NOT NULL,
    revision          bigint NOT NULL,
    progress          bigint NOT NULL,
    activity          text,
    status            bigint,
    message           text,
    error             text,
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
    webhook           text,
    idempotency_key   text COLLATE "C",
    tags              text,
    "checkpoint"      bytea,
    resubmission_of   text,
    resubmitted_as    text,
    end_version       bigint,
    trace_parent      text
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX operations_key ON operations (type, id);
CREATE UNIQUE INDEX operations_idempotency ON operations (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX operations_owner ON operations (owner, type, sequence);
-- What has not ended is few, however many have: the queue never pays for the archive.
CREATE INDEX operations_waiting ON operations (type, due_at, sequence) WHERE state IN (0, 2);
CREATE INDEX operations_held ON operations (lease_until) WHERE state IN (1, 3);
CREATE INDEX operations_ended ON operations (ended_at) WHERE state >= 4;
CREATE INDEX operations_expiry ON operations (expires_at) WHERE state >= 4;

CREATE TABLE operation_tags (
    name      text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,
    operation bigint NOT NULL,
    PRIMARY KEY (name, value, operation)
);

-- Payloads stand apart from the row that every change rewrites. Large ones are chunks; a resubmission shares those of its predecessor.
CREATE TABLE inputs (
    operation  bigint PRIMARY KEY,
    media_type text   NOT NULL,
    length     bigint NOT NULL,
    data       bytea,
    "file"     text COLLATE "C",
    sha256     bytea  NOT NULL
);

CREATE TABLE results (
    operation  bigint PRIMARY KEY,
    media_type text   NOT NULL,
    length     bigint NOT NULL,
    data       bytea,
    "file"     text COLLATE "C",
    sha256     bytea  NOT NULL
);

CREATE INDEX inputs_file ON inputs ("file") WHERE "file" IS NOT NULL;
CREATE INDEX results_file ON results ("file") WHERE "file" IS NOT NULL;

CREATE TABLE payload_chunks (
    payload text COLLATE "C" NOT NULL,
    number  bigint NOT NULL,
    data    bytea  NOT NULL,
    PRIMARY KEY (payload, number)
);

-- Compressing what is often compressed already would only cost time.
ALTER TABLE payload_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

-- Payloads that no row of 'inputs' or 'results' names: on their way to one, or left behind.
CREATE TABLE unnamed_payloads (
    payload    text COLLATE "C" PRIMARY KEY,
    touched_at bigint NOT NULL
);

CREATE INDEX unnamed_payloads_touched ON unnamed_payloads (touched_at);

-- One row, locked by who takes names from payloads.
CREATE TABLE payload_removal (
    removed_at bigint NOT NULL
) WITH (fillfactor = 20);

INSERT INTO payload_removal (removed_at) VALUES (0);

CREATE TABLE history (
    operation bigint NOT NULL,
    number    bigint NOT NULL,
    at        bigint NOT NULL,
    event     text   NOT NULL,
    attempt   bigint,
    detail    text,
    PRIMARY KEY (operation, number)
);

CREATE TABLE contacts (
    operation bigint NOT NULL,
    way       text COLLATE "C" NOT NULL,
    first_at  bigint NOT NULL,
    last_at   bigint NOT NULL,
    count     bigint NOT NULL,
    PRIMARY KEY (operation, way)
);

-- A gone operation is remembered for a while, so that asking for it says "gone" and its id does not start a second run.
CREATE TABLE tombstones (
    type  text COLLATE "C" NOT NULL,
    id    text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE INDEX tombstones_until ON tombstones (until);

CREATE TABLE subscriptions (
    id              text COLLATE "C" PRIMARY KEY,
    owner           text COLLATE "C" NOT NULL,
    webhook         text   NOT NULL,
    types           text,
    states          text,
    tags            text,
    every_change    bigint NOT NULL,
    state           bigint NOT NULL,
    disabled_reason text,
    created_at      bigint NOT NULL,
    expires_at      bigint,
    secret          text,
    retired_secrets text,
    failing_since   bigint
);

CREATE INDEX subscriptions_owner ON subscriptions (owner);

-- One row. Servers keep the subscriptions in memory; this tells them when they have to read them again, and is the lock of who changes one.
CREATE TABLE subscription_revision (
    revision bigint NOT NULL
) WITH (fillfactor = 20);

INSERT INTO subscription_revision (revision) VALUES (0);

CREATE SEQUENCE deliveries_sequence;

-- One row is one message to one target; its id is the webhook-id of every try. 'lane' is what shares a limit: scheme, host and port. A claimed row is due again when
-- its lease is over. 'due_at' is NULL where nobody sends it: its subscription is paused, or it is fetched. It lies in its mailbox while 'received_at' is not NULL;
-- 'hidden_until' is when it is given out again after it was read, NULL while nobody has read it.
CREATE TABLE deliveries (
    number       bigint PRIMARY KEY,
    id           text COLLATE "C" NOT NULL,
    owner        text COLLATE "C" NOT NULL,
    kind         bigint NOT NULL,
    operation    text COLLATE "C",
    base_uri     text   NOT NULL,
    version      bigint NOT NULL,
    subscription text COLLATE "C",
    target       text   NOT NULL,
    lane         text COLLATE "C" NOT NULL,
    trace_parent text,
    state        bigint NOT NULL,
    failures     bigint NOT NULL,
    created_at   bigint NOT NULL,
    due_at       bigint,
    lease_until  bigint,
    finished_at  bigint,
    body         bytea  NOT NULL,
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
    error    text,
    answer   text,
    PRIMARY KEY (delivery, number)
);

-- A name belongs for good to the owner who first used it.
CREATE TABLE mailboxes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name   text COLLATE "C" NOT NULL,
    owner  text COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX mailboxes_name ON mailboxes (name);
CREATE INDEX mailboxes_owner ON mailboxes (owner);
