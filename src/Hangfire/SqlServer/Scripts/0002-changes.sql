-- What has changed since, in the order of the changes.
CREATE INDEX operations_changed ON operations (row_version);

-- What servers tell each other and no changed row tells: which operations are gone, into which mailboxes something came. Kept for minutes.
CREATE TABLE feed_messages (
    row_version rowversion NOT NULL PRIMARY KEY,
    sent_at     bigint NOT NULL,
    envelope    nvarchar(max) NOT NULL
);

CREATE INDEX feed_messages_sent ON feed_messages (sent_at);
