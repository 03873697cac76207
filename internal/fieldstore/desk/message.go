package desk

import (
	"context"
	"database/sql"
	"encoding/json"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// Message is a message with who has read it.
type Message struct {
	delivery.Message
	ReadBy []string // codes of interviewers, in their order
}

// Messages lists at most limit messages of a study, the latest first.
func (s *Store) Messages(ctx context.Context, studyID string, limit int) (list []Message, err error) {
	err = s.Read(ctx, "list the messages", func(ctx context.Context, tx *sql.Tx) error {
		at := map[string]int{}
		if err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var body []byte
			var m Message
			if err := rows.Scan(&body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &m.Message); err != nil {
				return err
			}
			at[m.ID] = len(list)
			list = append(list, m)
			return nil
		}, `SELECT body FROM message WHERE study = ? ORDER BY at DESC, id DESC LIMIT ?`, studyID, limit); err != nil {
			return err
		}
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var id, code string
			if err := rows.Scan(&id, &code); err != nil {
				return err
			}
			if i, listed := at[id]; listed {
				list[i].ReadBy = append(list[i].ReadBy, code)
			}
			return nil
		}, `SELECT r.message, r.interviewer FROM message_read r JOIN message m ON m.id = r.message WHERE m.study = ? ORDER BY r.interviewer`, studyID)
	})
	return list, err
}

func keepMessage(ctx context.Context, tx *sql.Tx, item delivery.Item) error {
	var m delivery.Message
	if err := json.Unmarshal(item.Body, &m); err != nil {
		return unreadable(ctx, tx, item.ID, 0, string(item.Kind), "the message cannot be read")
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO message (id, study, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		m.ID, m.Study, m.At, string(item.Body))
	return err
}

// keepRead notes who has read a message. The mark may be here before the message.
func keepRead(ctx context.Context, tx *sql.Tx, r interview.MessageRead) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO message_read (message, interviewer, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		r.Message, r.Interviewer, r.At.UTC)
	return err
}
