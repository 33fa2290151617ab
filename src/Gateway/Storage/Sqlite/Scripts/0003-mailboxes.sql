-- A name belongs for good to the owner who first used it.
CREATE TABLE mailboxes (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    owner  TEXT NOT NULL
);

CREATE UNIQUE INDEX mailboxes_name ON mailboxes (name);
CREATE INDEX mailboxes_owner ON mailboxes (owner);

-- A message lies in its mailbox while 'received_at' is not NULL. 'hidden_until' is when it is given out again after it was read; NULL while nobody
-- has read it.
ALTER TABLE deliveries ADD COLUMN received_at INTEGER;
ALTER TABLE deliveries ADD COLUMN hidden_until INTEGER;

-- It holds all that counting and skipping look at: the rows behind it have long bodies.
CREATE INDEX deliveries_mailbox ON deliveries (lane, number, hidden_until, received_at) WHERE received_at IS NOT NULL;
CREATE INDEX deliveries_received ON deliveries (received_at) WHERE received_at IS NOT NULL;

DROP INDEX deliveries_held;
CREATE INDEX deliveries_held ON deliveries (subscription) WHERE state = 0 AND due_at IS NULL AND received_at IS NULL;

-- What was sent to mailboxes before they could be read.
UPDATE deliveries SET received_at = created_at WHERE state = 0 AND lane LIKE 'mailbox:%';
INSERT INTO mailboxes (name, owner)
SELECT substr(target, 9), min(owner)
FROM (SELECT target, owner FROM deliveries UNION ALL SELECT webhook, owner FROM subscriptions UNION ALL SELECT webhook, owner FROM operations)
WHERE target LIKE 'mailbox:%' GROUP BY target;
