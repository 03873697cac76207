-- +goose Up

-- Rights to fill a quota constraint that an epoch has had; the numbers only grow. See package quota.
CREATE TABLE leases (
    study    TEXT NOT NULL REFERENCES studies (id),
    quota    TEXT NOT NULL,
    epoch    TEXT NOT NULL REFERENCES epochs (id),
    granted  BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    used     BIGINT NOT NULL,
    written  BIGINT NOT NULL,
    PRIMARY KEY (study, quota, epoch)
);
CREATE INDEX leases_of_epoch ON leases (epoch);

-- How many interviews count in a constraint.
CREATE TABLE quota_used (
    study TEXT NOT NULL REFERENCES studies (id),
    quota TEXT NOT NULL,
    used  BIGINT NOT NULL,
    PRIMARY KEY (study, quota)
);

-- Where each complete interview counts, as JSON.
CREATE TABLE filed (
    study TEXT NOT NULL REFERENCES studies (id),
    id    TEXT NOT NULL,
    epoch TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (study, id)
);

-- Whom a device has met, as it said last; gap is about how many hours of work lie between two synchronisations of it.
CREATE TABLE paces (
    study       TEXT NOT NULL REFERENCES studies (id),
    epoch       TEXT NOT NULL REFERENCES epochs (id),
    hours       DOUBLE PRECISION NOT NULL,
    gap         DOUBLE PRECISION NOT NULL,
    respondents BIGINT NOT NULL,
    met         TEXT NOT NULL,
    heard_at    BIGINT NOT NULL,
    PRIMARY KEY (study, epoch)
);
