-- +goose Up

-- How many complete interviews have come in an epoch that fall in a constraint which holds nobody back, whether they count or not. Those that
-- count stand in quota_used.
CREATE TABLE quota_come (
    study TEXT NOT NULL REFERENCES studies (id),
    epoch TEXT NOT NULL,
    quota TEXT NOT NULL,
    n     BIGINT NOT NULL,
    PRIMARY KEY (study, epoch, quota)
);

-- Studies with interviews that came before this was counted, and up to which of them, by id, they were counted since.
CREATE TABLE quota_uncounted (
    study TEXT PRIMARY KEY REFERENCES studies (id),
    upto  TEXT NOT NULL
);
INSERT INTO quota_uncounted (study, upto) SELECT id, '' FROM studies;
