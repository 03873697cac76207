-- +goose Up

-- Who is to be where on a day: of each interviewer's day the latest decision that names it, by at and decision. body is JSON of
-- delivery.PlannedDay, also where nothing is assigned any more: devices that had something have to hear of that.
CREATE TABLE assignments (
    study       TEXT NOT NULL REFERENCES studies (id),
    interviewer TEXT NOT NULL,
    date        TEXT NOT NULL,
    n           BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    decision    TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    kept_at     BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (study, interviewer, date)
);
CREATE UNIQUE INDEX assignment_changes ON assignments (study, n);
CREATE INDEX assignment_days ON assignments (study, date);
