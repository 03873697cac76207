-- +goose Up

-- The latest visit that a device told of in an epoch, with the count it begins with.
ALTER TABLE epochs ADD COLUMN visit TEXT NOT NULL DEFAULT '';
ALTER TABLE epochs ADD COLUMN visits BIGINT NOT NULL DEFAULT 0;

-- Numbers of an epoch, first to last, that a device gave out again after it was set back to a copy of itself.
CREATE TABLE given_again (
    epoch TEXT NOT NULL REFERENCES epochs (id),
    first BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    PRIMARY KEY (epoch, first, last)
);

-- What of them was missing at that time; a record of the number that comes later may be another one.
CREATE TABLE doubtful (
    epoch TEXT NOT NULL REFERENCES epochs (id),
    first BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    PRIMARY KEY (epoch, first, last)
);
