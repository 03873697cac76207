-- +goose Up

-- Nothing unsent is ever deleted. A draft of a real interview goes only when its record stands in the outbox; the rest of what
-- was really done in the field stays. Practice may be cleared away.

-- +goose StatementBegin
CREATE TRIGGER draft_delete BEFORE DELETE ON draft
WHEN OLD.practice = 0 AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.id AND kind = 'interview')
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: draft'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER step_delete BEFORE DELETE ON step
WHEN EXISTS (SELECT 1 FROM draft WHERE id = OLD.draft AND practice = 0)
 AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.draft AND kind = 'interview')
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: step'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER shift_delete BEFORE DELETE ON shift WHEN OLD.practice = 0
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: shift'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER contact_delete BEFORE DELETE ON contact WHEN OLD.practice = 0
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: contact'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER interview_delete BEFORE DELETE ON interview WHEN OLD.practice = 0
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: interview'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tap_delete BEFORE DELETE ON tap WHEN EXISTS (SELECT 1 FROM shift WHERE id = OLD.shift AND practice = 0)
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: tap'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tap_alter BEFORE UPDATE ON tap
BEGIN SELECT RAISE(ABORT, 'a tap is never altered'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER practice_draft BEFORE UPDATE OF practice, id ON draft
BEGIN SELECT RAISE(ABORT, 'practice never becomes real, nor real practice: draft'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER practice_shift BEFORE UPDATE OF practice, id ON shift
BEGIN SELECT RAISE(ABORT, 'practice never becomes real, nor real practice: shift'); END;
-- +goose StatementEnd
