-- Owners take turns, so what waits is fetched by owner.
DROP INDEX operations_waiting;
CREATE INDEX operations_waiting ON operations (type, owner, due_at, sequence) WHERE state IN (0, 2);
