-- +goose Up

-- Interviews in constraints by day as well; the empty day sums all days, so that no page adds them up. Days before this version are in
-- that sum alone.
CREATE TABLE quota_of_day (
    study TEXT NOT NULL,
    day   TEXT NOT NULL,
    cell  TEXT NOT NULL,
    site  TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (study, day, cell, site)
) STRICT, WITHOUT ROWID;
INSERT INTO quota_of_day (study, day, cell, site, n) SELECT study, '', cell, site, n FROM quota_count;
DROP TABLE quota_count;
ALTER TABLE quota_of_day RENAME TO quota_count;

-- How a study's constraints stand at central, as it said last; body is JSON.
CREATE TABLE quota_state (
    study TEXT PRIMARY KEY,
    at    INTEGER NOT NULL,
    body  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
