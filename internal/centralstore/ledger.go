package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// others stands in the ledger for the leases that a caller does not look at one by one.
const others = ""

// book is a study's ledger for one transaction that holds the study's row. What it changes is written by save.
type book struct {
	study  string
	ledger *quota.Ledger
	was    map[string]account // as read
}

type account struct {
	used   int
	leases map[string]quota.Lease
}

// capsOf are the targets of a study's hard constraints.
func capsOf(st study.Study) map[string]int {
	caps := map[string]int{}
	for _, q := range st.Quotas {
		if q.Kind == study.Hard {
			caps[q.Name] = q.Target + q.Tolerance
		}
	}
	return caps
}

// openBook reads the accounts of some of a study's constraints, with the leases of each epoch or, where single is set, that epoch's and the
// sum of all others.
func openBook(ctx context.Context, tx *sql.Tx, id string, caps map[string]int, single string) (*book, error) {
	b := &book{study: id, ledger: quota.NewLedger(caps), was: map[string]account{}}
	names := slices.Sorted(maps.Keys(caps))
	for len(names) > 0 {
		part := names[:min(len(names), 100)]
		names = names[len(part):]
		if err := b.read(ctx, tx, part, single); err != nil {
			return nil, err
		}
	}
	for name, a := range b.ledger.Accounts {
		b.was[name] = account{used: a.Used, leases: maps.Clone(a.Leases)}
	}
	return b, nil
}

func (b *book) read(ctx context.Context, tx *sql.Tx, names []string, single string) error {
	args := []any{b.study}
	for _, n := range names {
		args = append(args, n)
	}
	among := ` WHERE study = $1 AND quota IN ` + marks(2, len(names))
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var used int
		err := rows.Scan(&name, &used)
		if err == nil {
			b.ledger.Accounts[name].Used = used
		}
		return err
	}, `SELECT quota, used FROM quota_used`+among, args...)
	if err != nil {
		return fmt.Errorf("reading the quotas: %w", err)
	}
	query := `SELECT quota, epoch, granted, returned, used, written FROM leases` + among
	if single != "" {
		args = append(args, single)
		mark := fmt.Sprintf("$%d", len(args))
		query = `SELECT quota, CASE WHEN epoch = ` + mark + ` THEN epoch ELSE '' END AS whose, SUM(granted), SUM(returned), SUM(used), SUM(written) FROM leases` +
			among + ` GROUP BY quota, CASE WHEN epoch = ` + mark + ` THEN epoch ELSE '' END`
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name, epoch string
		var l quota.Lease
		err := rows.Scan(&name, &epoch, &l.Granted, &l.Returned, &l.Used, &l.Written)
		if err == nil {
			b.ledger.Accounts[name].Leases[epoch] = l
		}
		return err
	}, query, args...)
	return wrap("reading the leases", err)
}

// save writes what changed.
func (b *book) save(ctx context.Context, tx *sql.Tx) error {
	for _, name := range b.ledger.Constraints() {
		a, was := b.ledger.Accounts[name], b.was[name]
		if a.Used != was.used {
			if _, err := tx.ExecContext(ctx, `INSERT INTO quota_used (study, quota, used) VALUES ($1, $2, $3)
				ON CONFLICT (study, quota) DO UPDATE SET used = excluded.used`, b.study, name, a.Used); err != nil {
				return fmt.Errorf("keeping the quotas: %w", err)
			}
		}
		for _, epoch := range slices.Sorted(maps.Keys(a.Leases)) {
			l := a.Leases[epoch]
			if l == was.leases[epoch] || epoch == others {
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO leases (study, quota, epoch, granted, returned, used, written) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (study, quota, epoch) DO UPDATE SET granted = excluded.granted, returned = excluded.returned, used = excluded.used, written = excluded.written`,
				b.study, name, epoch, l.Granted, l.Returned, l.Used, l.Written); err != nil {
				return fmt.Errorf("keeping the leases: %w", err)
			}
		}
	}
	return nil
}

// filing is one interview of a batch that may count in quotas.
type filing struct {
	checked
	quota.Filed
}

// file lets the new interviews of a batch count in the quotas of their studies, whose rows are held.
func (b *batch) file(ctx context.Context, tx *sql.Tx) error {
	parts := map[[2]string][]*filing{} // by study and epoch
	for _, i := range b.fresh {
		if r := b.records[i]; len(r.cells) > 0 || !r.first && r.Kind == delivery.KindInterview {
			key := [2]string{r.Study, r.Epoch}
			parts[key] = append(parts[key], &filing{checked: r})
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(parts), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		def, err := newestStudy(ctx, tx, key[0])
		if err != nil {
			return err
		}
		if hard := capsOf(*def); len(hard) > 0 {
			if err := fileAll(ctx, tx, key[0], key[1], hard, parts[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

// fileAll files interviews of one study that came from one epoch, in their order.
func fileAll(ctx context.Context, tx *sql.Tx, id, epoch string, hard map[string]int, list []*filing) error {
	caps := map[string]int{}
	known := map[string]*filing{} // the newest of an interview within the batch
	for _, f := range list {
		if err := f.readFiled(ctx, tx); err != nil {
			return err
		}
		for _, q := range slices.Concat(f.cells, f.Counted, slices.Collect(maps.Keys(f.rights))) {
			if n, ok := hard[q]; ok {
				caps[q] = n
			}
		}
	}
	book, err := openBook(ctx, tx, id, caps, epoch)
	if err != nil {
		return err
	}
	for _, f := range list {
		if before := known[f.ID]; before != nil {
			f.Filed = before.Filed
		}
		known[f.ID] = f
		book.ledger.File(epoch, &f.Filed, f.Record.Revision, f.cells, f.rights)
	}
	if err := book.save(ctx, tx); err != nil {
		return err
	}
	return keepFiled(ctx, tx, id, epoch, slices.DeleteFunc(list, func(f *filing) bool { return known[f.ID] != f }))
}

// readFiled reads where an interview counts that was here before.
func (f *filing) readFiled(ctx context.Context, tx *sql.Tx) error {
	if f.first {
		return nil
	}
	var state string
	err := tx.QueryRowContext(ctx, `SELECT state FROM filed WHERE study = $1 AND id = $2`, f.Study, f.ID).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(state), &f.Filed)
	}
	return wrap("reading where an interview counts", err)
}

// keepFiled writes where interviews count, many at once.
func keepFiled(ctx context.Context, tx *sql.Tx, id, epoch string, list []*filing) error {
	for len(list) > 0 {
		part := list[:min(len(list), 50)]
		list = list[len(part):]
		args := []any{id, epoch}
		values := make([]string, len(part))
		for i, f := range part {
			text, err := json.Marshal(f.Filed)
			if err != nil {
				return fmt.Errorf("keeping where an interview counts: %w", err)
			}
			values[i] = fmt.Sprintf("($1, $%d, $2, $%d)", len(args)+1, len(args)+2)
			args = append(args, f.ID, string(text))
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO filed (study, id, epoch, state) VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (study, id) DO UPDATE SET state = excluded.state`, args...); err != nil {
			return fmt.Errorf("keeping where an interview counts: %w", err)
		}
	}
	return nil
}

// refile lets an interview count, or not any more, as a person decided; the study's row is held. It says for the audit log what kept it
// from counting.
func refile(ctx context.Context, tx *sql.Tx, d decision, change effect) (said string, err error) {
	var f quota.Filed
	var epoch, state string
	err = tx.QueryRowContext(ctx, `SELECT epoch, state FROM filed WHERE study = $1 AND id = $2`, d.Study, d.Subject).Scan(&epoch, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(state), &f)
	}
	if err != nil {
		return "", fmt.Errorf("reading where an interview counts: %w", err)
	}
	def, err := newestStudy(ctx, tx, d.Study)
	if err != nil {
		return "", err
	}
	hard, caps := capsOf(*def), map[string]int{}
	for _, q := range slices.Concat(f.Cells, f.Counted) {
		if n, ok := hard[q]; ok {
			caps[q] = n
		}
	}
	b, err := openBook(ctx, tx, d.Study, caps, "")
	if err != nil {
		return "", err
	}
	rejected, accepted := string(delivery.ReviewRejected), string(delivery.ReviewAccepted)
	switch {
	case change.after == rejected:
		b.ledger.Reject(&f)
	case change.before == rejected || change.after == accepted:
		if b.ledger.Accept(&f) != nil {
			return "; it does not count, its quota is full", nil
		}
	default:
		return "", nil
	}
	if err := b.save(ctx, tx); err != nil {
		return "", err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("keeping where an interview counts: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE filed SET state = $1 WHERE study = $2 AND id = $3`, string(text), d.Study, d.Subject)
	return "", wrap("keeping where an interview counts", err)
}

// writeOff ends the rights of a device that was lost: what it had may be granted to others. The device's row is held, so that a batch of it
// comes before or after.
func writeOff(ctx context.Context, tx *sql.Tx, device string) error {
	_, err := tx.ExecContext(ctx, `UPDATE leases SET written = granted - returned - used
		WHERE epoch IN (SELECT id FROM epochs WHERE device = $1) AND granted - returned - used > written`, device)
	return wrap("writing the device's rights off", err)
}

// quotaOf is where an interview is to count, and the rights its device used for it; nowhere for one that is not complete or is void.
func quotaOf(i interview.Interview) (cells []string, rights map[string]int) {
	if i.Disposition == interview.Complete && i.Void == "" {
		cells = i.Cells
	}
	return cells, i.Rights
}
