-- +goose Up

-- Who is to be where on a day, as central said last; body is JSON of delivery.StandingDay.
CREATE TABLE assignment (
    study       TEXT NOT NULL,
    date        TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (study, date, interviewer)
) STRICT, WITHOUT ROWID;

-- Of when that is, by central's clock; older tells that central is of a version that keeps no plan.
CREATE TABLE plan_state (
    study TEXT PRIMARY KEY,
    at    INTEGER NOT NULL DEFAULT 0,
    older INTEGER NOT NULL DEFAULT 0 CHECK (older IN (0, 1))
) STRICT, WITHOUT ROWID;
