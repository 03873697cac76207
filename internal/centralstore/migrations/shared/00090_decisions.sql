-- +goose Up

-- What supervisors decided, each as it was made, compact. Nothing here is ever changed. site is where its subject lies, '' for the
-- whole study; at and id give the order in which decisions of one subject stand.
CREATE TABLE decisions (
    study       TEXT NOT NULL REFERENCES studies (id),
    id          TEXT NOT NULL,
    n           BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    site        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (study, id)
);
CREATE UNIQUE INDEX decision_changes ON decisions (study, n);
CREATE INDEX decisions_of_subject ON decisions (study, subject);

-- How interviews stand: made of the decisions about them and of nothing else. state is '' while nobody has accepted, rejected or
-- returned it, back_check is '' while nobody has called back; revision is the one that was decided about.
CREATE TABLE reviews (
    study         TEXT NOT NULL REFERENCES studies (id),
    record        TEXT NOT NULL,
    site          TEXT NOT NULL,
    interviewer   TEXT NOT NULL,
    state         TEXT NOT NULL DEFAULT '',
    decision      TEXT NOT NULL DEFAULT '',
    at            BIGINT NOT NULL DEFAULT 0,
    revision      BIGINT NOT NULL DEFAULT 0,
    back_check    TEXT NOT NULL DEFAULT '',
    back_check_by TEXT NOT NULL DEFAULT '',
    back_check_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (study, record)
);
