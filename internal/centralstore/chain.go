package centralstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// The audit log is a chain: the hash of each line is that of its text and of the hash before it. So a line that is changed, taken away
// or put in between shows, and whoever keeps the newest hash elsewhere can show that the log was not written anew as a whole.

// link is the hash of a line that follows on the hash before.
func link(before string, e AuditEntry) (string, error) {
	text, err := json.Marshal([]any{before, e.N, e.At, e.Actor, e.Action, e.Study, e.Subject, e.Details})
	if err != nil {
		return "", fmt.Errorf("writing the audit log: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// chain adds lines. Two centrals that do so at once follow one another, since the first statement holds the chain's end.
func (s *store) chain(ctx context.Context, tx *sql.Tx, lines []AuditEntry) error {
	if len(lines) == 0 {
		return nil
	}
	var n int64
	var hash string
	if err := tx.QueryRowContext(ctx, `UPDATE central SET audit_n = audit_n + 1 RETURNING audit_n - 1, audit_hash`).Scan(&n, &hash); err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	if hash == "" {
		var err error
		if n, hash, err = unlinked(ctx, tx); err != nil {
			return err
		}
	}
	for _, e := range lines {
		n++
		e.N = n
		var err error
		if hash, err = link(hash, e); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO audit (n, at, actor, action, study, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			n, e.At, e.Actor, e.Action, e.Study, e.Subject, e.Details, hash)
		if err != nil {
			return fmt.Errorf("writing the audit log: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE central SET audit_n = $1, audit_hash = $2`, n, hash)
	return wrap("writing the audit log", err)
}

// unlinked is where the chain begins: after the lines from before there was one, which it covers.
func unlinked(ctx context.Context, tx *sql.Tx) (n int64, hash string, err error) {
	err = eachLine(ctx, tx, func(e AuditEntry) (err error) {
		n = e.N
		hash, err = link(hash, e)
		return err
	}, everyLine)
	return n, hash, err
}

// AuditProof is what a look through the whole audit log has shown.
type AuditProof struct {
	Lines int
	N     int64  // the number of the newest line
	Hash  string // of the newest line, to be kept elsewhere
	// Covered tells that the hash that was kept elsewhere is in the chain.
	Covered bool
}

func (s *store) VerifyAudit(ctx context.Context, kept string) (proof AuditProof, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		proof = AuditProof{}
		linked := false
		err := eachLine(ctx, tx, func(e AuditEntry) error {
			hash, err := link(proof.Hash, e)
			switch {
			case err != nil:
				return err
			case linked && e.N != proof.N+1:
				return fail(Tampered, "Lines %d to %d of the audit log are gone.", proof.N+1, e.N-1)
			case e.Hash == "" && linked, e.Hash != "" && e.Hash != hash:
				return fail(Tampered, "Line %d of the audit log is not what was written, or lines before it are gone.", e.N)
			}
			linked = e.Hash != ""
			proof.Lines, proof.N, proof.Hash = proof.Lines+1, e.N, hash
			proof.Covered = proof.Covered || hash == kept
			return nil
		}, everyLine)
		if err != nil {
			return err
		}
		return endsAt(ctx, tx, proof, linked)
	})
	if err == nil && kept != "" && !proof.Covered {
		err = fail(Tampered, "The hash that was kept is not in the audit log: it was written anew, or the hash is another central's.")
	}
	return proof, err
}

// endsAt compares the newest line with where the chain is said to end.
func endsAt(ctx context.Context, tx *sql.Tx, proof AuditProof, linked bool) error {
	var n int64
	var hash string
	if err := tx.QueryRowContext(ctx, `SELECT audit_n, audit_hash FROM central`).Scan(&n, &hash); err != nil {
		return fmt.Errorf("reading the end of the audit log: %w", err)
	}
	if linked != (hash != "") || linked && (n != proof.N || hash != proof.Hash) {
		return fail(Tampered, "The newest lines of the audit log are gone: it ends with line %d and had %d.", proof.N, n)
	}
	return nil
}
