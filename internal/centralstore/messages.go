package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// MessageOrder asks for a message to be sent. Interviewer and Device narrow it to one of them; both empty mean everybody in the
// study.
type MessageOrder struct {
	Study, Interviewer, Device, Text string
	// Who sends it; the zero Principal for whoever hosts central, then Actor is the name.
	Who   Principal
	Actor string
}

// MessageState is a message with who has read it.
type MessageState struct {
	delivery.Message
	ReadBy []string // codes of interviewers, in the order in which central heard of it
}

// SendMessage keeps a message for those it is for to pull.
func (s *store) SendMessage(ctx context.Context, o MessageOrder) (delivery.Message, error) {
	m := delivery.Message{Study: o.Study, Interviewer: o.Interviewer, Device: o.Device, From: o.Actor, Text: strings.TrimSpace(o.Text)}
	if o.Who.User != "" {
		m.From = o.Who.User
	}
	if err := mayWrite(o, m); err != nil {
		return m, err
	}
	var err error
	if m.ID, err = s.newID(); err != nil {
		return m, err
	}
	m.At = s.now()
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.sendMessage(ctx, tx, o, m) })
	return m, err
}

func mayWrite(o MessageOrder, m delivery.Message) error {
	switch n := utf8.RuneCountInString(m.Text); {
	case n == 0:
		return fail(Invalid, "The message is empty.")
	case n > delivery.MostMessage || !utf8.ValidString(m.Text):
		return fail(Invalid, "A message has at most %d characters.", delivery.MostMessage)
	case o.Interviewer != "" && o.Device != "":
		return fail(Invalid, "A message is for one interviewer, one device, or everybody: name an interviewer or a device, not both.")
	case o.Interviewer != "" && !interviewerCode.MatchString(o.Interviewer):
		return fail(Invalid, "An interviewer's code has up to 32 letters, digits and . _ -, such as 0417.")
	}
	if o.Who.IsDevice() {
		return fail(Forbidden, "A device does not send messages.")
	}
	if o.Who.User == "" {
		return nil
	}
	r := o.Who.reaches(o.Study, Supervisor)
	switch {
	case !r.records:
		return fail(Forbidden, "Sending messages needs the role of a supervisor in the study.")
	case !r.all && o.Interviewer == "" && o.Device == "":
		return fail(Forbidden, "A message to everybody needs a role for the whole study; name an interviewer.")
	}
	return nil
}

func (s *store) sendMessage(ctx context.Context, tx *sql.Tx, o MessageOrder, m delivery.Message) error {
	if m.Device != "" {
		found, err := texts(ctx, tx, `SELECT device FROM device_studies WHERE study = $1 AND device = $2`, m.Study, m.Device)
		if err != nil {
			return fmt.Errorf("looking for the device: %w", err)
		}
		if len(found) == 0 {
			return fail(NotFound, "There is no device %s in this study.", clip(m.Device, 64))
		}
	}
	if err := s.putMessage(ctx, tx, m); err != nil {
		return err
	}
	actor := o.Actor
	if o.Who.User != "" {
		actor = o.Who.Name()
	}
	return s.audit(ctx, tx, actor, "message sent", m.Study, "message:"+m.ID, "")
}

// putMessage keeps a message in the feed of its study.
func (s *store) putMessage(ctx context.Context, tx *sql.Tx, m delivery.Message) error {
	n, err := s.advance(ctx, tx, m.Study, 1, 0)
	if err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing the message: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO messages (id, study, n, interviewer, device, sent_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.Study, n, m.Interviewer, m.Device, m.At, body)
	return wrap("keeping the message", err)
}

// messageChanges are the messages a principal may read: a device those that are for it, a supervisor all of the study. What was
// said to everybody before a device came is not for it.
func messageChanges(ctx context.Context, tx *sql.Tx, id string, since int64, who Principal) ([]numbered, error) {
	rows, err := tx.QueryContext(ctx, `SELECT n, id, body FROM messages WHERE study = $1 AND n > $2
		AND ($3 = '' OR device = $3 OR (device = '' AND interviewer = $4)
			OR (device = '' AND interviewer = '' AND sent_at >= (SELECT created_at FROM devices WHERE devices.id = $3))) ORDER BY n`,
		id, since, who.Device, who.Interviewer)
	if err != nil {
		return nil, fmt.Errorf("reading messages: %w", err)
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		var c numbered
		if err := rows.Scan(&c.n, &c.entry.ID, &c.entry.Message); err != nil {
			return nil, fmt.Errorf("reading messages: %w", err)
		}
		c.bytes = len(c.entry.Message)
		list = append(list, c)
	}
	return list, wrap("reading messages", rows.Err())
}

// Messages lists a study's messages, the latest first, with who has read them.
func (s *store) Messages(ctx context.Context, study string, limit int) (list []MessageState, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		bodies, err := texts(ctx, tx, `SELECT body FROM messages WHERE study = $1 ORDER BY n DESC LIMIT $2`, study, limit)
		if err != nil {
			return fmt.Errorf("listing messages: %w", err)
		}
		at := map[string]int{}
		for i, body := range bodies {
			var m MessageState
			if err := json.Unmarshal([]byte(body), &m.Message); err != nil {
				return fmt.Errorf("reading a message: %w", err)
			}
			at[m.ID] = i
			list = append(list, m)
		}
		marks, err := texts(ctx, tx, `SELECT body FROM records WHERE study = $1 AND kind = $2 ORDER BY n`, study, string(delivery.KindRead))
		if err != nil {
			return fmt.Errorf("reading who read: %w", err)
		}
		for _, body := range marks {
			var r interview.MessageRead
			if err := json.Unmarshal([]byte(body), &r); err != nil {
				return fmt.Errorf("reading who read: %w", err)
			}
			if i, known := at[r.Message]; known {
				list[i].ReadBy = append(list[i].ReadBy, r.Interviewer)
			}
		}
		return nil
	})
	return list, err
}
