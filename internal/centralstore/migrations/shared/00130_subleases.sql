-- +goose Up

-- Rights of a lease that were passed on to other epochs.
ALTER TABLE leases ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;

-- How many rights an epoch has said that the till of another passed on to it, in all.
CREATE TABLE subleases (
    study TEXT NOT NULL REFERENCES studies (id),
    quota TEXT NOT NULL,
    till  TEXT NOT NULL REFERENCES epochs (id),
    epoch TEXT NOT NULL REFERENCES epochs (id),
    heard BIGINT NOT NULL,
    PRIMARY KEY (study, epoch, till, quota)
);

-- A supervisor's laptop that passes rights on is a device: of an account, known by the SHA-256 of its key. Both are empty for others.
ALTER TABLE devices ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN laptop TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX devices_of_laptop ON devices (account, laptop) WHERE laptop <> '';

-- The constraints that a laptop may not lend for, as JSON, since its account does not answer for their sites.
ALTER TABLE paces ADD COLUMN beyond TEXT NOT NULL DEFAULT '';
