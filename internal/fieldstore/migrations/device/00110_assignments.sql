-- +goose Up

-- Where the interviewer is to be on a day, as it was pulled, closed; seen tells that the interviewer said so, or that there is nothing to see.
CREATE TABLE assignment (
    study TEXT NOT NULL,
    date  TEXT NOT NULL,
    body  BLOB NOT NULL,
    seen  INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
    PRIMARY KEY (study, date)
) STRICT, WITHOUT ROWID;
