-- +goose Up

-- Targets in force of quota constraints that are not hard, as central said last, in the epoch in which it did.
CREATE TABLE aim (
    study  TEXT NOT NULL,
    quota  TEXT NOT NULL,
    epoch  TEXT NOT NULL REFERENCES epoch (epoch),
    target INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    PRIMARY KEY (study, quota)
) STRICT, WITHOUT ROWID;
