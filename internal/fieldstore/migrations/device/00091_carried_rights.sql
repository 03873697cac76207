-- +goose Up

-- What central is told of the device's epochs in a batch, as JSON; '' for nothing. The answer comes back with the batch's reply.
ALTER TABLE carried ADD COLUMN told TEXT NOT NULL DEFAULT '';

-- The number of the latest statement of rights that was made in an epoch, and of the latest that central has answered. An answer to an
-- earlier one than that comes late, over a laptop, and says nothing any more.
CREATE TABLE statement (
    study TEXT NOT NULL,
    epoch TEXT NOT NULL REFERENCES epoch (epoch),
    made  INTEGER NOT NULL DEFAULT 0,
    heard INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (study, epoch)
) STRICT, WITHOUT ROWID;
