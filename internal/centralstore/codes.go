package centralstore

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// codeLetters has no two that look alike when written down: of 0 O and 1 I L none, of 2 Z, 5 S, 8 B and U V one each.
const codeLetters = "23456789ACDEFGHJKMNPQRTVWXY"

const codeLength = 8

// mostValid is the longest an enrolment code may live.
const mostValid = 30 * 24 * time.Hour

var interviewerCode = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$`)

func (s *store) NewCode(ctx context.Context, o CodeOrder) (Code, error) {
	switch {
	case strings.TrimSpace(o.Interviewer) == "":
		return Code{}, fail(Invalid, "An enrolment code is for an interviewer's tablet or phone: name the interviewer by a code such as 0417. A laptop needs none: its supervisor signs in on it.")
	case !interviewerCode.MatchString(o.Interviewer):
		return Code{}, fail(Invalid, "An interviewer's code has up to 32 letters, digits and . _ -, such as 0417.")
	case len(o.Studies) == 0:
		return Code{}, fail(Invalid, "A code is for one study or several: name them.")
	case o.Valid <= 0 || o.Valid > mostValid:
		return Code{}, fail(Invalid, "A code is valid for some time, at most %d days.", mostValid/(24*time.Hour))
	}
	letters, err := s.codeText()
	if err != nil {
		return Code{}, err
	}
	hash, err := s.hashCode(ctx, letters)
	if err != nil {
		return Code{}, err
	}
	now := s.p.Now()
	code := Code{Text: letters[:4] + "-" + letters[4:], ID: codeID(hash), Expires: now.Add(o.Valid)}
	if o.Who.User != "" {
		o.Actor = o.Who.Name()
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, study := range o.Studies {
			if err := mayLead(o.Who, study); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO codes (hash, interviewer, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			hash, o.Interviewer, now.UnixMilli(), o.Actor, code.Expires.UnixMilli())
		if err != nil {
			return fmt.Errorf("keeping the code: %w", err)
		}
		for _, study := range o.Studies {
			if err := s.codeFor(ctx, tx, o, hash, study); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Code{}, err
	}
	return code, nil
}

func (s *store) codeFor(ctx context.Context, tx *sql.Tx, o CodeOrder, hash, study string) error {
	if _, err := newestStudy(ctx, tx, study); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO code_studies (hash, study) VALUES ($1, $2) ON CONFLICT DO NOTHING`, hash, study); err != nil {
		return fmt.Errorf("keeping the code: %w", err)
	}
	return s.audit(ctx, tx, o.Actor, "enrolment code made", study, "interviewer:"+o.Interviewer, "")
}

// codeText draws each letter with the same chance.
func (s *store) codeText() (string, error) {
	fair := byte(256 - 256%len(codeLetters))
	text := make([]byte, 0, codeLength)
	one := make([]byte, 1)
	for len(text) < codeLength {
		if _, err := io.ReadFull(s.p.Rand, one); err != nil {
			return "", fmt.Errorf("reading randomness: %w", err)
		}
		if one[0] < fair {
			text = append(text, codeLetters[int(one[0])%len(codeLetters)])
		}
	}
	return string(text), nil
}

// hashCode is how a code is kept. A code is short, so it is hashed as slowly as a password, with this database's own salt: then it
// can be looked up, and a stolen database gives no code away while it is valid.
func (s *store) hashCode(ctx context.Context, letters string) (string, error) {
	key, err := s.derive(ctx, []byte(letters), []byte(s.self.codeSalt), s.p.Cost)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(key), nil
}

// readCode takes a code as people type it: in small letters, with spaces, with a letter for the digit it looks like.
func readCode(typed string) (string, bool) {
	if len(typed) > 64 {
		return "", false
	}
	letters := strings.NewReplacer("-", "", " ", "", "S", "5", "B", "8", "Z", "2", "U", "V").Replace(strings.ToUpper(typed))
	if len(letters) != codeLength || strings.Trim(letters, codeLetters) != "" {
		return "", false
	}
	return letters, true
}
