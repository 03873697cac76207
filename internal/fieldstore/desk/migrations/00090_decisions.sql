-- +goose Up

-- What supervisors decided: own ones were made on this laptop and are the only thing here that central may not have yet. body is the
-- decision as it was made, or as it was pulled. at and id give the order in which decisions of a subject stand; number the one in
-- which own ones are sent. code and refusal are central's, where it refused.
CREATE TABLE decision (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    study       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    made_by     TEXT NOT NULL,
    own         INTEGER NOT NULL CHECK (own IN (0, 1)),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'in_flight', 'sent', 'refused')),
    code        TEXT NOT NULL DEFAULT '',
    refusal     TEXT NOT NULL DEFAULT '',
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX decision_subject ON decision (study, subject);
CREATE INDEX decision_outbox ON decision (number) WHERE state IN ('waiting', 'in_flight');

-- Only what certainly never left the laptop can be undone.
-- +goose StatementBegin
CREATE TRIGGER decision_delete BEFORE DELETE ON decision WHEN OLD.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a decision that was sent is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decision_body BEFORE UPDATE OF body ON decision WHEN OLD.own = 1 AND NEW.body <> OLD.body
BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
-- +goose StatementEnd

-- How an interview stands by the decisions here: review is '' for one that nobody has to look at; pending tells that a decision about
-- it has not reached central yet. draw is its lot for back-checks, -1 until it has been drawn.
ALTER TABLE interview ADD COLUMN review TEXT NOT NULL DEFAULT '';
ALTER TABLE interview ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interview ADD COLUMN back_check TEXT NOT NULL DEFAULT '';
ALTER TABLE interview ADD COLUMN draw INTEGER NOT NULL DEFAULT -1;
UPDATE interview SET review = 'open' WHERE void = 0 AND disposition IN ('1.0', '1.2');
CREATE INDEX interview_review ON interview (study, review, started_utc);
CREATE INDEX interview_reviewed_of ON interview (study, interviewer, review, started_utc);
CREATE INDEX interview_draw ON interview (study, draw) WHERE disposition = '1.0' AND void = 0;
CREATE INDEX interview_undrawn ON interview (id) WHERE draw < 0;

-- An earlier version passed over the decisions of other laptops: everything is pulled once more.
DELETE FROM agent_note WHERE name = 'cursor';
