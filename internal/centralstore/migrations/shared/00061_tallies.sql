-- +goose Up

-- How many records, by their newest revisions, came out in which way: kept with the records, for reports, which a replica may serve.
CREATE TABLE tallies (
    study       TEXT NOT NULL REFERENCES studies (id),
    day         TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    kind        TEXT NOT NULL,
    disposition TEXT NOT NULL,
    n           BIGINT NOT NULL,
    PRIMARY KEY (study, day, site, interviewer, kind, disposition)
);
