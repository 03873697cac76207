package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// Message is a supervisor's message as this device has it.
type Message struct {
	delivery.Message
	// Read is when the interviewer said that it was read, milliseconds UTC of this device's clock; 0 for not yet.
	Read int64
}

// mostMessages is how many messages are listed; older ones were read long ago.
const mostMessages = 100

// applyItem keeps what is pulled beside studies.
func (s *Store) applyItem(ctx context.Context, tx *sql.Tx, item delivery.Item) error {
	switch item.Kind {
	case delivery.ItemMessage:
		return s.keepMessage(ctx, tx, item.Body)
	case delivery.ItemCard:
		return s.keepCard(ctx, tx, item)
	case delivery.ItemAssignments:
		return s.keepAssigned(ctx, tx, item.Body)
	}
	return nil
}

// keepMessage keeps a message that is new; the same again stays read where it was.
func (s *Store) keepMessage(ctx context.Context, tx *sql.Tx, body json.RawMessage) error {
	var m delivery.Message
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	closed, err := s.vault.close("message", m.ID, body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO message (id, study, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		m.ID, m.Study, m.At, closed)
	return err
}

// Messages lists what supervisors wrote, the latest first.
func (s *Store) Messages(ctx context.Context) (list []Message, err error) {
	err = s.Read(ctx, "list the messages", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			var closed []byte
			var m Message
			if err := rows.Scan(&id, &closed, &m.Read); err != nil {
				return err
			}
			body, err := s.vault.open("message", id, closed)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(body, &m.Message); err != nil {
				return err
			}
			list = append(list, m)
			return nil
		}, `SELECT id, body, read FROM message ORDER BY at DESC, id DESC LIMIT ?`, mostMessages)
	})
	return list, err
}

// Unread is how many messages nobody has said to have read.
func (s *Store) Unread(ctx context.Context) (n int, err error) {
	err = s.Read(ctx, "count the messages", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM message WHERE read = 0`).Scan(&n)
	})
	return n, err
}

// ReadMessage notes that the interviewer has read a message, and announces it; once is enough.
func (s *Store) ReadMessage(ctx context.Context, id string) error {
	return s.write(ctx, "note that the message was read", func(ctx context.Context, tx *sql.Tx) error {
		now := s.moment()
		mark := interview.MessageRead{ID: s.newID(), Message: id, At: now}
		err := tx.QueryRowContext(ctx, `UPDATE message SET read = ? WHERE id = ? AND read = 0 RETURNING study`, now.UTC, id).Scan(&mark.Study)
		if errors.Is(err, sql.ErrNoRows) {
			return tx.QueryRowContext(ctx, `SELECT id FROM message WHERE id = ?`, id).Scan(&mark.Message)
		}
		if err != nil {
			return err
		}
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		mark.Interviewer = c.Interviewer
		if mark.Site, err = noneAsEmpty(tx.QueryRowContext(ctx, `SELECT site FROM shift WHERE study = ? ORDER BY started_utc DESC LIMIT 1`, mark.Study)); err != nil {
			return err
		}
		body, err := json.Marshal(mark)
		if err != nil {
			return err
		}
		return s.announce(ctx, tx, delivery.KindRead, mark.ID, 1, mark.Study, body)
	})
}

// cardKey names an interviewer's row without naming the interviewer.
func cardKey(interviewer string) string { return delivery.Sum([]byte(interviewer)) }

func (s *Store) keepCard(ctx context.Context, tx *sql.Tx, item delivery.Item) error {
	key := cardKey(item.ID)
	closed, err := s.vault.close("card", key, item.Body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO card (interviewer, body) VALUES (?, ?)
		ON CONFLICT (interviewer) DO UPDATE SET body = excluded.body`, key, closed)
	return err
}

// Card is who the interviewer of this device is; ErrNotFound where central has not said.
func (s *Store) Card(ctx context.Context) (card delivery.Card, err error) {
	err = s.Read(ctx, "read the card", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		key := cardKey(c.Interviewer)
		var closed []byte
		if err := tx.QueryRowContext(ctx, `SELECT body FROM card WHERE interviewer = ?`, key).Scan(&closed); err != nil {
			return err
		}
		body, err := s.vault.open("card", key, closed)
		if err != nil {
			return err
		}
		return json.Unmarshal(body, &card)
	})
	return card, err
}
