-- +goose Up

-- Numbers up to visited may go to central: it was told of them with a visit that is kept here. given_up is set where the device found
-- that it was set back to a copy of itself, or copied: another life of it gives out the numbers above visited.
ALTER TABLE epoch ADD COLUMN visited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE epoch ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;
UPDATE epoch SET visited = last;

-- A mark that central is shown with the numbers given out by then. Where central knows one that is not here, somebody else went on from
-- a copy of this device, or this is the copy.
CREATE TABLE visit (
    epoch     TEXT NOT NULL REFERENCES epoch (epoch),
    number    INTEGER NOT NULL,
    name      TEXT NOT NULL,
    high      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (epoch, number)
) STRICT, WITHOUT ROWID;

-- A record of an epoch that was given up gets another number before anybody has heard of its first one; it itself is never altered.
DROP TRIGGER outbox_alter;
-- +goose StatementBegin
CREATE TRIGGER outbox_alter BEFORE UPDATE OF number, id, revision, kind, study, sha256, body, made ON outbox
BEGIN SELECT RAISE(ABORT, 'a record is never altered: outbox'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER outbox_renumber BEFORE UPDATE OF epoch, seq ON outbox
WHEN OLD.state <> 'waiting' OR OLD.seq <= (SELECT visited FROM epoch WHERE epoch = OLD.epoch)
BEGIN SELECT RAISE(ABORT, 'a number that central may know is never altered: outbox'); END;
-- +goose StatementEnd
