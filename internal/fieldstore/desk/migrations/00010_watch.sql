-- +goose Up

-- Facts of each interview that is not void, for flags; kept in the transaction that takes it in. Draw is an order as good as chance.
CREATE TABLE interview_fact (
    id          TEXT PRIMARY KEY,
    study       TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    day         TEXT NOT NULL,
    draw        INTEGER NOT NULL,
    form        TEXT NOT NULL,
    facts       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX interview_fact_person ON interview_fact (study, interviewer);
CREATE INDEX interview_fact_draw ON interview_fact (study, site, draw);
CREATE INDEX interview_fact_form ON interview_fact (study, form);

-- When somebody worked. ended is what is known so far of a shift that goes on; pauses is JSON.
CREATE TABLE shift_time (
    id          TEXT PRIMARY KEY,
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    started     INTEGER NOT NULL,
    ended       INTEGER NOT NULL,
    zone        INTEGER NOT NULL,
    worked_ms   INTEGER NOT NULL,
    passed      INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    pauses      TEXT NOT NULL,
    notes       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shift_time_day ON shift_time (study, day, site);
CREATE INDEX shift_time_person ON shift_time (study, interviewer);

-- Contacts by site as well, and interviews; the empty day sums all days, so that no page adds them up.
CREATE TABLE effort (
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    disposition TEXT NOT NULL,
    class       TEXT NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (study, day, site, interviewer, disposition, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE output (
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    completes   INTEGER NOT NULL,
    worked_ms   INTEGER NOT NULL,
    passed      INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    PRIMARY KEY (study, day, site, interviewer)
) STRICT, WITHOUT ROWID;

-- Median lengths and summaries of an interviewer are made anew for those whose interviews or shifts have changed.
CREATE TABLE length (
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    site        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    median_ms   INTEGER NOT NULL,
    PRIMARY KEY (study, day, site, interviewer)
) STRICT, WITHOUT ROWID;

CREATE TABLE quality_summary (
    study       TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (study, interviewer)
) STRICT, WITHOUT ROWID;

CREATE TABLE unsummed (
    study       TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    PRIMARY KEY (study, interviewer)
) STRICT, WITHOUT ROWID;

-- What is on a device, by what it sent last.
CREATE TABLE device_form (
    study       TEXT NOT NULL,
    device      TEXT NOT NULL,
    version     TEXT NOT NULL,
    started_utc INTEGER NOT NULL,
    PRIMARY KEY (study, device)
) STRICT, WITHOUT ROWID;

-- Records that came before this was kept; they are gone through once.
CREATE TABLE unwatched (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO unwatched (id) SELECT id FROM record WHERE kind IN ('interview', 'contact', 'shift');
CREATE INDEX interview_day ON interview (study, day);
