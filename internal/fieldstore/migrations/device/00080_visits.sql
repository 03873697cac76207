-- +goose Up

-- Numbers up to visited may go to central: it was told of them with a visit that is kept here. restored_from is set where the device
-- found that it was set back to a copy of itself, and gave the epoch up; numbers above it may name two records.
ALTER TABLE epoch ADD COLUMN visited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE epoch ADD COLUMN restored_from INTEGER;
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
