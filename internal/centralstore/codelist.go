package centralstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"parvis/internal/delivery"
)

const (
	// codesKnown is how long a code that has ended is still listed, so that whoever made it sees what became of it.
	codesKnown = 7 * 24 * time.Hour
	// mostCodes is how many are listed.
	mostCodes = 500
)

// codeID is what a code's state is known by. It is made from the slow hash, so that the code cannot be guessed from it.
func codeID(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:8])
}

func (s *store) CodesOf(ctx context.Context, who Principal, study string) (list []delivery.CodeState, err error) {
	if study != "" {
		if err := mayLead(who, study); err != nil {
			return nil, err
		}
	}
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ids, err := led(ctx, tx, who, study)
		if err != nil || len(ids) == 0 {
			list = nil
			return err
		}
		list, err = codeStates(ctx, tx, ids, s.p.Now().Add(-codesKnown).UnixMilli())
		return wrap("listing codes", err)
	})
	return list, err
}

// codeStates reads the codes of some studies that end after a moment.
func codeStates(ctx context.Context, tx *sql.Tx, studies []any, after int64) (list []delivery.CodeState, err error) {
	args := append([]any{after}, studies...)
	at := map[string]int{} // in the list, by hash
	var hashes []any
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var c delivery.CodeState
		var hash string
		if err := rows.Scan(&hash, &c.Interviewer, &c.Created, &c.By, &c.Expires, &c.Used, &c.Device); err != nil {
			return err
		}
		c.ID = codeID(hash)
		at[hash], hashes, list = len(list), append(hashes, hash), append(list, c)
		return nil
	}, fmt.Sprintf(`SELECT hash, interviewer, created_at, created_by, expires_at, COALESCE(used_at, 0), COALESCE(device, '') FROM codes
		WHERE expires_at > $1 AND EXISTS (SELECT 1 FROM code_studies s WHERE s.hash = codes.hash AND s.study IN %s)
		ORDER BY created_at DESC, hash LIMIT %d`, marks(2, len(studies)), mostCodes), args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var hash, study string
		err := rows.Scan(&hash, &study)
		if err == nil {
			c := &list[at[hash]]
			c.Studies = append(c.Studies, study)
		}
		return err
	}, `SELECT hash, study FROM code_studies WHERE study IN `+marks(1, len(studies))+` AND hash IN `+marks(1+len(studies), len(hashes))+` ORDER BY study`,
		append(append([]any(nil), studies...), hashes...)...)
	return list, err
}
