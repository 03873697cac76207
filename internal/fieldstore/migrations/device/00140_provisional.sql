-- +goose Up

-- provisional tells that the device had no right where the interview needed some: it counts once a supervisor accepts it.
ALTER TABLE interview ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
