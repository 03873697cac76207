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
	come   map[arrival]int    // by how many more interviews have come; see coming
}

type account struct {
	used, provisional int
	leases            map[string]quota.Lease
	heard             map[quota.Sublease]int
}

// hardCaps are the caps of a study's hard constraints, by the period their targets are for and by name.
type hardCaps struct {
	study  *study.Study
	period map[study.Period]map[string]int
}

func (c hardCaps) any() bool { return len(c.period) > 0 }

// of is the cap of an account, if the study has it: a constraint for each day or wave has an account in every one and none without. Of
// interviews outside the waves nobody is wanted.
func (c hardCaps) of(account string) (n int, ok bool) {
	name, key := study.ParseAccount(account)
	if key == study.NoWave {
		_, ok = c.period[study.EachWave][name]
		return 0, ok
	}
	p, _, _, there := c.study.PeriodOf(key)
	n, ok = c.period[p][name]
	return n, ok && there
}

// openBook reads some of a study's accounts, with the leases of each epoch or, where some are named apart, those epochs' and the
// sum of all others.
func openBook(ctx context.Context, tx *sql.Tx, id string, caps map[string]int, apart ...string) (*book, error) {
	b := &book{study: id, ledger: quota.NewLedger(caps), was: map[string]account{}, come: map[arrival]int{}}
	names := slices.Sorted(maps.Keys(caps))
	for len(names) > 0 {
		part := names[:min(len(names), 100)]
		names = names[len(part):]
		if err := b.read(ctx, tx, part, apart); err != nil {
			return nil, err
		}
	}
	for name, a := range b.ledger.Accounts {
		b.was[name] = account{used: a.Used, provisional: a.Provisional, leases: maps.Clone(a.Leases)}
	}
	return b, nil
}

func (b *book) read(ctx context.Context, tx *sql.Tx, names, apart []string) error {
	args := []any{b.study}
	for _, n := range names {
		args = append(args, n)
	}
	among := ` WHERE study = $1 AND quota IN ` + marks(2, len(names))
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var used, provisional int
		err := rows.Scan(&name, &used, &provisional)
		if err == nil {
			b.ledger.Accounts[name].Used, b.ledger.Accounts[name].Provisional = used, provisional
		}
		return err
	}, `SELECT quota, used, provisional FROM quota_used`+among, args...)
	if err != nil {
		return fmt.Errorf("reading the quotas: %w", err)
	}
	query := `SELECT quota, epoch, granted, returned, used, written, moved, spent FROM leases` + among
	if len(apart) > 0 {
		whose := `CASE WHEN epoch IN ` + marks(len(args)+1, len(apart)) + ` THEN epoch ELSE '' END`
		for _, epoch := range apart {
			args = append(args, epoch)
		}
		query = `SELECT quota, ` + whose + ` AS whose, SUM(granted), SUM(returned), SUM(used), SUM(written), SUM(moved), SUM(spent) FROM leases` + among + ` GROUP BY quota, ` + whose
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name, epoch string
		var l quota.Lease
		err := rows.Scan(&name, &epoch, &l.Granted, &l.Returned, &l.Used, &l.Written, &l.Moved, &l.Spent)
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
		if a.Used != was.used || a.Provisional != was.provisional {
			if _, err := tx.ExecContext(ctx, `INSERT INTO quota_used (study, quota, used, provisional) VALUES ($1, $2, $3, $4)
				ON CONFLICT (study, quota) DO UPDATE SET used = excluded.used, provisional = excluded.provisional`, b.study, name, a.Used, a.Provisional); err != nil {
				return fmt.Errorf("keeping the quotas: %w", err)
			}
		}
		for _, epoch := range slices.Sorted(maps.Keys(a.Leases)) {
			l := a.Leases[epoch]
			if l == was.leases[epoch] || epoch == others {
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO leases (study, quota, epoch, granted, returned, used, written, moved, spent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
				ON CONFLICT (study, quota, epoch) DO UPDATE SET granted = excluded.granted, returned = excluded.returned, used = excluded.used, written = excluded.written,
					moved = excluded.moved, spent = excluded.spent`,
				b.study, name, epoch, l.Granted, l.Returned, l.Used, l.Written, l.Moved, l.Spent); err != nil {
				return fmt.Errorf("keeping the leases: %w", err)
			}
		}
		if err := b.saveHeard(ctx, tx, name); err != nil {
			return err
		}
	}
	return b.saveMore(ctx, tx)
}

// filing is one interview of a batch that may count in quotas.
type filing struct {
	checked
	claims claims
	quota.Filed
	epoch   string         // in which it came first
	spent   map[string]int // rights its device said it used for it, by constraint
	doubted bool           // another life of the device may have made it
}

// file lets the new interviews of a batch count in the quotas of their studies, whose rows are held.
func (b *batch) file(ctx context.Context, tx *sql.Tx) error {
	parts := map[[2]string][]*filing{} // by study and epoch
	for _, i := range b.fresh {
		if r := b.records[i]; r.filed() {
			key := [2]string{r.Study, r.Epoch}
			parts[key] = append(parts[key], &filing{checked: r, epoch: r.Epoch, doubted: b.heard.doubts[r.Epoch]})
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(parts), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		def, err := newestStudy(ctx, tx, key[0])
		if err != nil {
			return err
		}
		hard, err := capsOf(ctx, tx, *def)
		if err != nil {
			return err
		}
		if len(def.Quotas) == 0 {
			continue
		}
		if err := b.claim(ctx, tx, parts[key]); err != nil {
			return err
		}
		if err := fileAll(ctx, tx, key[0], key[1], hard, parts[key]); err != nil {
			return err
		}
	}
	return nil
}

// filed tells whether the ledger is to know of a record: an interview that counts, used rights, or is not the first revision, since one in
// which it counts may have come or come later. Those that ended otherwise, of which there are many, are nothing to it.
func (c checked) filed() bool {
	return len(c.cells) > 0 || c.Kind == delivery.KindInterview && (len(c.rights) > 0 || !c.first || c.Revision > 1)
}

// fileAll files interviews of one study that came from one epoch, in their order.
func fileAll(ctx context.Context, tx *sql.Tx, id, epoch string, hard hardCaps, list []*filing) error {
	caps, soft := map[string]int{}, []string{}
	known := map[string]*filing{} // the newest of an interview within the batch
	for _, f := range list {
		if err := f.readFiled(ctx, tx); err != nil {
			return err
		}
		for _, q := range slices.Concat(f.cells, f.Cells, f.Counted, slices.Collect(maps.Keys(f.rights)), f.claims.quotas()) {
			if n, ok := hard.of(q); ok {
				caps[q] = n
			} else if isSoft(hard.study, q) {
				soft = append(soft, q)
			}
		}
	}
	apart := []string{epoch}
	for _, f := range list {
		apart = append(apart, f.claims.epochs()...)
	}
	book, err := openBook(ctx, tx, id, caps, unique(apart)...)
	if err != nil {
		return err
	}
	if len(apart) > 1 {
		if err := book.readHeard(ctx, tx, apart); err != nil {
			return err
		}
	}
	book.ledger.Soften(soft...)
	for _, f := range list {
		if before := known[f.ID]; before != nil {
			f.Filed, f.epoch, f.spent = before.Filed, before.epoch, before.spent
		}
		known[f.ID] = f
		book.take(f.claims) // before the interview that used some of it
		came := book.coming(f.epoch, &f.Filed)
		book.ledger.File(epoch, &f.Filed, f.Record.Revision, f.cells, f.rights)
		came()
		f.spend(book.ledger, epoch)
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
	var state, spent string
	err := tx.QueryRowContext(ctx, `SELECT epoch, state, spent FROM filed WHERE study = $1 AND id = $2`, f.Study, f.ID).Scan(&f.epoch, &state, &spent)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(state), &f.Filed)
	}
	f.spent = maps.Clone(f.Taken)
	if err == nil && spent != "" {
		err = json.Unmarshal([]byte(spent), &f.spent)
	}
	return wrap("reading where an interview counts", err)
}

// spend notes the rights that a device says it used for an interview, whether they were taken or not: they are no longer expected of it.
// Those of another life of the device are not the device's.
func (f *filing) spend(l *quota.Ledger, epoch string) {
	if f.doubted {
		return
	}
	spent := maps.Clone(f.spent)
	if spent == nil {
		spent = map[string]int{}
	}
	for q, n := range f.rights {
		if n = delivery.BoundedRights(n); n > spent[q] && l.Spend(epoch, q, n-spent[q]) {
			spent[q] = n
		}
	}
	f.spent = spent
}

// unmet is what is to be kept of the rights that were said to be used: nothing, where as many were taken.
func (f *filing) unmet() (text string, err error) {
	for q, n := range f.spent {
		if n > f.Taken[q] {
			list, err := json.Marshal(f.spent)
			return string(list), err
		}
	}
	return "", nil
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
			spent, err := f.unmet()
			if err != nil {
				return fmt.Errorf("keeping where an interview counts: %w", err)
			}
			values[i] = fmt.Sprintf("($1, $%d, $2, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3)
			args = append(args, f.ID, string(text), spent)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO filed (study, id, epoch, state, spent) VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (study, id) DO UPDATE SET state = excluded.state, spent = excluded.spent`, args...); err != nil {
			return fmt.Errorf("keeping where an interview counts: %w", err)
		}
	}
	return nil
}

// filedState is, in a query over a table of one study, where the interview of an id counts; "" for nowhere ever.
func filedState(id string) string {
	return `COALESCE((SELECT state FROM filed WHERE filed.study = $1 AND filed.id = ` + id + `), '')`
}

// provisional reads of it whether the interview waits for a person's word.
func provisional(state string) (bool, error) {
	if !strings.Contains(state, `"cells":[`) || strings.Contains(state, `"counted":[`) { // most of them
		return false, nil
	}
	var f quota.Filed
	if err := json.Unmarshal([]byte(state), &f); err != nil {
		return false, fmt.Errorf("reading where an interview counts: %w", err)
	}
	return f.Provisional(), nil
}

// errFull refuses to accept an interview for which there is no room. It waits at the laptop that sends it, and is taken once there is.
var errFull = &refusal{code: delivery.DecisionNoRoom, words: "The quota is full. Raise its target, or reject another interview of it; this one is accepted then.", later: true}

// refile lets an interview count, or not any more, as a person decided; the study's row is held.
func refile(ctx context.Context, tx *sql.Tx, d decision, change effect) error {
	var f quota.Filed
	var epoch, state string
	err := tx.QueryRowContext(ctx, `SELECT epoch, state FROM filed WHERE study = $1 AND id = $2`, d.Study, d.Subject).Scan(&epoch, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(state), &f)
	}
	if err != nil {
		return fmt.Errorf("reading where an interview counts: %w", err)
	}
	def, err := newestStudy(ctx, tx, d.Study)
	if err != nil {
		return err
	}
	hard, err := capsOf(ctx, tx, *def)
	if err != nil {
		return err
	}
	caps := map[string]int{}
	for _, q := range slices.Concat(f.Cells, f.Counted) {
		_, key := study.ParseAccount(q)
		if n, ok := hard.of(q); ok && key != study.NoWave { // between the waves nobody is counted, however many are accepted
			caps[q] = n
		}
	}
	b, err := openBook(ctx, tx, d.Study, caps)
	if err != nil {
		return err
	}
	rejected, accepted := string(delivery.ReviewRejected), string(delivery.ReviewAccepted)
	switch {
	case change.after == rejected:
		b.ledger.Reject(&f)
	case change.after == accepted:
		if b.ledger.Accept(&f) != nil {
			return errFull
		}
	case change.before == rejected:
		b.ledger.Readmit(&f)
	default:
		return nil
	}
	if err := b.save(ctx, tx); err != nil {
		return err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("keeping where an interview counts: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE filed SET state = $1 WHERE study = $2 AND id = $3`, string(text), d.Study, d.Subject)
	return wrap("keeping where an interview counts", err)
}

// writeOff ends the rights of a device that was lost: what it had may be granted to others. The device's row is held, so that a batch of it
// comes before or after, and its studies' rows, so that what others tell of rights does.
func writeOff(ctx context.Context, tx *sql.Tx, device string) error {
	_, err := tx.ExecContext(ctx, `UPDATE leases SET written = granted - returned - used - moved
		WHERE epoch IN (SELECT id FROM epochs WHERE device = $1) AND granted - returned - used - moved > written`, device)
	return wrap("writing the device's rights off", err)
}

// quotaOf is where an interview is to count, and the rights its device used for it; nowhere for one that is not complete or is void.
func quotaOf(i interview.Interview) (cells []string, rights map[string]int) {
	if i.Disposition == interview.Complete && i.Void == "" {
		cells = i.Cells
	}
	return cells, i.Rights
}
