-- +goose Up

-- A supervisor's words to the field; an empty interviewer and device mean everybody in the study. body is what is pulled.
CREATE TABLE messages (
    id          TEXT NOT NULL,
    study       TEXT NOT NULL REFERENCES studies (id),
    n           BIGINT NOT NULL,
    interviewer TEXT NOT NULL,
    device      TEXT NOT NULL,
    sent_at     BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (study, id)
);
CREATE UNIQUE INDEX message_changes ON messages (study, n);

-- Who an interviewer is, for the devices of each study. body is what is pulled.
CREATE TABLE cards (
    study       TEXT NOT NULL REFERENCES studies (id),
    interviewer TEXT NOT NULL,
    n           BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (study, interviewer)
);
CREATE UNIQUE INDEX card_changes ON cards (study, n);
