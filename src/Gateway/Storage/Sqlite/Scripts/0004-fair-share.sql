-- Owners take turns, so what waits is fetched by owner; with the state, what waits can be counted without its rows.
DROP INDEX operations_waiting;
CREATE INDEX operations_waiting ON operations (type, owner, due_at, sequence, state) WHERE state IN (0, 2);
