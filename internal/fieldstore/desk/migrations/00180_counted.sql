-- +goose Up

-- Complete interviews of a day and an interviewer are those that count on the board: neither rejected nor waiting to be accepted. An earlier
-- version counted all of them.
UPDATE output SET completes = 0 WHERE completes <> 0;
INSERT INTO output (study, day, site, interviewer, completes, worked_ms, passed, open)
WITH counted AS (
    SELECT study, day, site, interviewer, count(*) AS n FROM interview
    WHERE disposition = '1.0' AND void = 0 AND review <> 'rejected' AND provisional = 0 GROUP BY study, day, site, interviewer
)
SELECT study, day, site, interviewer, n, 0, 0, 0 FROM counted
UNION ALL SELECT study, '', site, interviewer, sum(n), 0, 0, 0 FROM counted GROUP BY study, site, interviewer
ON CONFLICT (study, day, site, interviewer) DO UPDATE SET completes = excluded.completes;
