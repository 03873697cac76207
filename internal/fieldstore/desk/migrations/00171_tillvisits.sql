-- +goose Up

-- The visits to central that were made here, by a till's epoch: one that central knows of and that is not among them another life of this
-- file has made.
CREATE TABLE till_visit (
    till   TEXT NOT NULL REFERENCES till (epoch),
    number INTEGER NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (till, number)
) STRICT, WITHOUT ROWID;
INSERT INTO till_visit (till, number, name) SELECT epoch, visits - 1, confirmed FROM till WHERE confirmed NOT IN ('', visit);
INSERT INTO till_visit (till, number, name) SELECT epoch, visits, visit FROM till WHERE visit <> '';
