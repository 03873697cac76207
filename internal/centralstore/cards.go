package centralstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"parvis/internal/delivery"
)

// CardOrder sets who an interviewer is, for the devices of some studies.
type CardOrder struct {
	Card    delivery.Card
	Studies []string // none for every study that is here
	Actor   string
}

// SetCard keeps the card; it fails with NotFound for an unknown study and Invalid for a name or photo that cannot be shown.
func (s *store) SetCard(ctx context.Context, o CardOrder) error {
	c := o.Card
	c.Name = strings.TrimSpace(c.Name)
	switch {
	case strings.TrimSpace(c.Interviewer) == "":
		return fail(Invalid, "A card says who an interviewer is: name the interviewer by a code such as 0417.")
	case !interviewerCode.MatchString(c.Interviewer):
		return fail(Invalid, "An interviewer's code has up to 32 letters, digits and . _ -, such as 0417.")
	case c.Name == "" || utf8.RuneCountInString(c.Name) > 80 || !utf8.ValidString(c.Name):
		return fail(Invalid, "A card shows a name of 1 to 80 characters.")
	case len(c.Photo) > delivery.MostPhoto:
		return fail(Invalid, "The photo is larger than %d kB.", delivery.MostPhoto>>10)
	case len(c.Photo) > 0 && !bytes.HasPrefix(c.Photo, []byte("\xff\xd8\xff")) && !bytes.HasPrefix(c.Photo, []byte("\x89PNG\r\n\x1a\n")):
		return fail(Invalid, "The photo is neither a JPEG nor a PNG.")
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("writing the card: %w", err)
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		studies := o.Studies
		if len(studies) == 0 {
			if studies, err = texts(ctx, tx, `SELECT id FROM studies ORDER BY id`); err != nil {
				return fmt.Errorf("listing studies: %w", err)
			}
		}
		for _, study := range studies {
			if err := s.putCard(ctx, tx, study, c.Interviewer, body); err != nil {
				return err
			}
			if err := s.audit(ctx, tx, o.Actor, "card set", study, "interviewer:"+c.Interviewer, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *store) putCard(ctx context.Context, tx *sql.Tx, study, interviewer string, body []byte) error {
	n, err := s.advance(ctx, tx, study, 1, 0)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cards (study, interviewer, n, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (study, interviewer) DO UPDATE SET n = excluded.n, body = excluded.body`, study, interviewer, n, body)
	return wrap("keeping the card", err)
}

// bringCard gives a study the card an interviewer has in another, when a device enrols for it.
func (s *store) bringCard(ctx context.Context, tx *sql.Tx, study, interviewer string) error {
	bodies, err := texts(ctx, tx, `SELECT body FROM cards WHERE interviewer = $1
		AND NOT EXISTS (SELECT 1 FROM cards WHERE interviewer = $1 AND study = $2) ORDER BY n DESC LIMIT 1`, interviewer, study)
	if err != nil || len(bodies) == 0 {
		return wrap("looking for the card", err)
	}
	return s.putCard(ctx, tx, study, interviewer, []byte(bodies[0]))
}

// cardChanges is a device's own interviewer's card; nobody else pulls cards.
func cardChanges(ctx context.Context, tx *sql.Tx, id string, since int64, who Principal) ([]numbered, error) {
	if !who.IsDevice() {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT n, body FROM cards WHERE study = $1 AND interviewer = $2 AND n > $3`, id, who.Interviewer, since)
	if err != nil {
		return nil, fmt.Errorf("reading the card: %w", err)
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		c := numbered{entry: Entry{ID: who.Interviewer}}
		if err := rows.Scan(&c.n, &c.entry.Card); err != nil {
			return nil, fmt.Errorf("reading the card: %w", err)
		}
		c.bytes = len(c.entry.Card)
		list = append(list, c)
	}
	return list, wrap("reading the card", rows.Err())
}
