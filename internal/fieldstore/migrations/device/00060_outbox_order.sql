-- +goose Up

-- What goes first when the connection may break at any moment: shifts, since all else belongs to one; then interviews, which cannot
-- be had again; then the rest. WaitingBatch orders by the same words, so that a batch is found by this index.
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox ((CASE kind WHEN 'shift' THEN 0 WHEN 'interview' THEN 1 ELSE 2 END), number) WHERE state = 'waiting';
