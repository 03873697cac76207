-- +goose Up

-- Rights that laptops passed on, by the epoch of the laptop's till. total is as the laptop said, heard what of it central has counted among
-- what it granted; both only grow. relay is the laptop's fingerprint; '' where central knew of it first.
CREATE TABLE loan (
    study TEXT NOT NULL,
    epoch TEXT NOT NULL REFERENCES epoch (epoch),
    till  TEXT NOT NULL,
    quota TEXT NOT NULL,
    relay TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0,
    heard INTEGER NOT NULL DEFAULT 0,
    CHECK (total >= heard),
    PRIMARY KEY (study, epoch, till, quota)
) STRICT, WITHOUT ROWID;

-- lent is the sum of what loans have beyond what central has heard. What was lent and then not found at central may have been used already,
-- so that granted and lent together may be less than what is used. keep is how many should be free, as central said last; -1 where the
-- epoch has ended, and nothing is to be asked of anybody.
CREATE TABLE holding_next (
    study     TEXT NOT NULL,
    epoch     TEXT NOT NULL REFERENCES epoch (epoch),
    quota     TEXT NOT NULL,
    granted   INTEGER NOT NULL DEFAULT 0,
    lent      INTEGER NOT NULL DEFAULT 0 CHECK (lent >= 0),
    reserved  INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    committed INTEGER NOT NULL DEFAULT 0,
    returned  INTEGER NOT NULL DEFAULT 0,
    cap       INTEGER NOT NULL DEFAULT 0,
    used      INTEGER NOT NULL DEFAULT 0,
    leased    INTEGER NOT NULL DEFAULT 0,
    keep      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (study, epoch, quota)
) STRICT, WITHOUT ROWID;
INSERT INTO holding_next (study, epoch, quota, granted, reserved, committed, returned, cap, used, leased)
    SELECT study, epoch, quota, granted, reserved, committed, returned, cap, used, leased FROM holding;
DROP TABLE holding;
ALTER TABLE holding_next RENAME TO holding;
