package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	N                                      int64 // its number, from 1
	At                                     int64 // milliseconds UTC
	Actor, Action, Study, Subject, Details string
	// Hash is the link of the chain, SHA-256 in hex; "" for a line from before there was one.
	Hash string
}

// AuditQuery asks for a page of the audit log.
type AuditQuery struct {
	Who   Principal
	Study string // only its lines; "" for all that the person may read
	// Before is the number of the oldest line that is known already; 0 for the newest page.
	Before int64
	Limit  int
}

// notes are what a transaction has noted so far. They are written at its end, since a line takes hold of the chain until the commit:
// then it is held for a moment only, and always after everything else, so that two transactions never wait for each other.
type notes struct{ lines []AuditEntry }

type notesKey struct{}

// audit notes a line for the audit log, to be written in the transaction of what it tells about, which ctx is of.
func (s *store) audit(ctx context.Context, _ *sql.Tx, actor, action, study, subject, detail string) error {
	noted, ok := ctx.Value(notesKey{}).(*notes)
	if !ok {
		return errors.New("writing the audit log: there is no transaction that writes")
	}
	noted.lines = append(noted.lines, AuditEntry{
		At: s.now(), Actor: storable(actor), Action: action, Study: storable(study), Subject: storable(subject), Details: storable(detail),
	})
	return nil
}

// note writes a line of its own.
func (s *store) note(ctx context.Context, actor, action, study, subject, detail string) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.audit(ctx, tx, actor, action, study, subject, detail)
	})
}

// lookAgain is how long a person who looks at the same thing again and again stands in the audit log once: a supervisor's laptop asks
// every few minutes.
const lookAgain = time.Hour

// looked notes that a person looked at personal data.
func (s *store) looked(ctx context.Context, who Principal, action, study, subject string) error {
	if who.IsDevice() {
		return nil
	}
	var before bool
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE actor = $1 AND action = $2 AND at > $3 AND study = $4 AND subject = $5)`,
			storable(who.Name()), action, s.now()-lookAgain.Milliseconds(), study, subject).Scan(&before)
	})
	if err != nil || before {
		return wrap("reading the audit log", err)
	}
	return s.note(ctx, who.Name(), action, study, subject, "")
}

func (s *store) Audit(ctx context.Context, limit int) ([]AuditEntry, error) {
	return s.AuditLog(ctx, AuditQuery{Who: Principal{Grants: []Grant{{Role: Administrator}}}, Limit: limit})
}

func (s *store) AuditLog(ctx context.Context, q AuditQuery) (list []AuditEntry, err error) {
	all, studies := q.Who.administers()
	switch {
	case !all && len(studies) == 0, q.Study != "" && !all && !slices.Contains(studies, q.Study):
		return nil, fail(Forbidden, "Reading the audit log needs the role of an administrator.")
	case q.Study != "":
		all, studies = false, []string{q.Study}
	}
	query, args := `SELECT n, at, actor, action, study, subject, detail, hash FROM audit WHERE ($1 = 0 OR n < $1)`, []any{q.Before, max(q.Limit, 1)}
	if !all {
		marks := make([]string, len(studies))
		for i, study := range studies {
			args = append(args, study)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		query += ` AND study IN (` + strings.Join(marks, ", ") + `)`
	}
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		return eachLine(ctx, tx, func(e AuditEntry) error {
			list = append(list, e)
			return nil
		}, query+` ORDER BY n DESC LIMIT $2`, args...)
	})
	return list, err
}

// administers tells what a person administers: everything, or some whole studies.
func (p Principal) administers() (all bool, studies []string) {
	for _, g := range p.Grants {
		switch {
		case g.Role != Administrator || g.Region != "" || g.Site != "":
		case g.Study == "":
			all = true
		default:
			studies = append(studies, g.Study)
		}
	}
	return all, studies
}

func eachLine(ctx context.Context, tx *sql.Tx, take func(AuditEntry) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e AuditEntry
		if err := rows.Scan(&e.N, &e.At, &e.Actor, &e.Action, &e.Study, &e.Subject, &e.Details, &e.Hash); err != nil {
			return fmt.Errorf("reading the audit log: %w", err)
		}
		if err := take(e); err != nil {
			return err
		}
	}
	return wrap("reading the audit log", rows.Err())
}

// ExportAudit hands every line to take, the oldest first, and notes that it did.
func (s *store) ExportAudit(ctx context.Context, actor string, take func(AuditEntry) error) error {
	if err := s.note(ctx, actor, "audit log exported", "", "", ""); err != nil {
		return err
	}
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error { return eachLine(ctx, tx, take, everyLine) })
}

const everyLine = `SELECT n, at, actor, action, study, subject, detail, hash FROM audit ORDER BY n`
