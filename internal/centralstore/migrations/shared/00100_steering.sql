-- +goose Up

-- What supervisors want of a constraint in place of what the workbook says: the latest decision that names it, by at and decision.
CREATE TABLE quota_aims (
    study    TEXT NOT NULL REFERENCES studies (id),
    quota    TEXT NOT NULL,
    target   BIGINT NOT NULL,
    closed   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    decision TEXT NOT NULL,
    PRIMARY KEY (study, quota)
);

-- Interviews that came without a right and wait for a person.
ALTER TABLE quota_used ADD COLUMN provisional BIGINT NOT NULL DEFAULT 0;

-- Rights of interviews that went on when the device was heard last, as JSON by constraint.
ALTER TABLE paces ADD COLUMN busy TEXT NOT NULL DEFAULT '{}';
