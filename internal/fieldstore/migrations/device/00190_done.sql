-- +goose Up

-- How many interviews count in quota constraints that are not hard, by account, as central said last, in the epoch in which it did. own are
-- those that central had of this device by then.
CREATE TABLE done (
    study   TEXT NOT NULL,
    quota   TEXT NOT NULL,
    epoch   TEXT NOT NULL REFERENCES epoch (epoch),
    counted INTEGER NOT NULL,
    own     INTEGER NOT NULL,
    PRIMARY KEY (study, quota)
) STRICT, WITHOUT ROWID;
