package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parvis/internal/delivery"
)

// seenEvery is how old a device's last visit may get before a pull alone, which else writes nothing, notes it anew.
const seenEvery = 60 * 1000

func (s *store) Pull(ctx context.Context, q PullQuery) (Page, error) {
	at, err := s.readCursor(q.Cursor)
	if err != nil {
		return Page{}, err
	}
	if q.Study != "" && q.Who.IsDevice() {
		return Page{}, fail(Forbidden, "A device does not read records.")
	}
	p := &pulling{now: s.now()}
	stale := false
	read := s.read
	if !q.Who.IsDevice() {
		read, p.late = s.report, s.replica != s.engine
	}
	err = read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		p.reset(q, at)
		if err := p.run(ctx, tx); err != nil {
			return err
		}
		stale, err = s.visit(ctx, tx, q, &p.page)
		return err
	})
	if err == nil && stale {
		err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.noteVisit(ctx, tx, q) })
	}
	if err != nil {
		return Page{}, err
	}
	if err := s.lookedAt(ctx, q.Who, p.page); err != nil {
		return Page{}, err
	}
	p.page.Incarnation = s.self.incarnation
	p.page.Cursor, err = p.at.text()
	return p.page, err
}

// lookedAt notes whose records are on a page that a person reads.
func (s *store) lookedAt(ctx context.Context, who Principal, page Page) error {
	var noted []string
	for _, entry := range page.Entries {
		if entry.Record == nil || slices.Contains(noted, entry.Record.Study) {
			continue
		}
		noted = append(noted, entry.Record.Study)
		if err := s.looked(ctx, who, "records read", entry.Record.Study, ""); err != nil {
			return err
		}
	}
	return nil
}

// visit tells a device what of it is missing, and whether its visit is worth noting.
func (s *store) visit(ctx context.Context, tx *sql.Tx, q PullQuery, page *Page) (stale bool, err error) {
	if !q.Who.IsDevice() {
		return false, nil
	}
	h, err := listen(ctx, tx, q.Who, told(q.Who, q.Epochs, q.HighSeq))
	if err != nil {
		return false, err
	}
	if page.Gaps, err = h.missing(ctx, tx); err != nil {
		return false, err
	}
	var last int64
	err = tx.QueryRowContext(ctx, `SELECT last_seen FROM devices WHERE id = $1`, q.Who.Device).Scan(&last)
	return h.news || s.now()-last > seenEvery, wrap("reading the device", err)
}

func (s *store) noteVisit(ctx context.Context, tx *sql.Tx, q PullQuery) error {
	// First, since it holds the device's row, as in a push.
	if _, err := tx.ExecContext(ctx, `UPDATE devices SET last_seen = $1 WHERE id = $2`, s.now(), q.Who.Device); err != nil {
		return fmt.Errorf("noting the device: %w", err)
	}
	if err := s.hear(ctx, tx, q.Who, told(q.Who, q.Epochs, q.HighSeq)); err != nil {
		return err
	}
	return s.touch(ctx, tx, q.Who.Device)
}

// pulling gathers one page: study after study, within each in the order of its feed.
type pulling struct {
	q     PullQuery
	at    cursor
	left  int // entries that still fit
	bytes int // of bodies that still fit
	page  Page
	// late: a replica may stand behind what the reader has seen already.
	late bool
	now  int64 // milliseconds UTC
}

// reset begins the page, or begins it anew at another server.
func (p *pulling) reset(q PullQuery, at cursor) {
	at.At = maps.Clone(at.At)
	p.q, p.at, p.left, p.bytes, p.page = q, at, max(q.Limit, 1), max(q.Bytes, 1), Page{}
}

func (p *pulling) run(ctx context.Context, tx *sql.Tx) error {
	studies, err := visibleStudies(ctx, tx, p.q.Who)
	if err != nil {
		return err
	}
	if p.q.Study != "" {
		if !slices.Contains(studies, p.q.Study) {
			return fail(NotFound, "There is no study %s.", clip(p.q.Study, 64))
		}
		if !p.q.Who.reaches(p.q.Study, Researcher).all {
			return fail(Forbidden, "Reading the records of a whole study needs the role of a researcher.")
		}
		studies = []string{p.q.Study}
	}
	for _, id := range studies {
		if err := p.study(ctx, tx, id); err != nil {
			return err
		}
		if p.page.More {
			return nil
		}
	}
	return nil
}

// numbered is an entry with its place in the feed.
type numbered struct {
	n     int64
	entry Entry
	bytes int
}

// study adds what changed in one study, as far as it fits.
func (p *pulling) study(ctx context.Context, tx *sql.Tx, id string) error {
	if p.left == 0 {
		p.page.More = true
		return nil
	}
	since := p.at.At[id]
	var feed int64
	if err := tx.QueryRowContext(ctx, `SELECT feed FROM studies WHERE id = $1`, id).Scan(&feed); err != nil {
		return fmt.Errorf("reading the feed: %w", err)
	}
	if since > feed && p.late {
		return nil
	}
	if since > feed || since < 0 {
		since = 0
	}
	changes, cut, err := p.changes(ctx, tx, id, since)
	if err != nil {
		return err
	}
	end := feed
	for i, c := range changes {
		if c.n > cut || p.left == 0 || (len(p.page.Entries) > 0 && c.bytes > p.bytes) {
			p.page.More = true
			end = since
			if i > 0 {
				end = changes[i-1].n
			}
			break
		}
		p.page.Entries = append(p.page.Entries, c.entry)
		p.left--
		p.bytes -= c.bytes
	}
	if !p.page.More && cut < feed {
		p.page.More, end = true, cut
	}
	p.at.At[id] = end
	return nil
}

// changes reads the next entries of a study, sorted. Records are read only up to what fits; cut is the number up to which the list
// is complete.
func (p *pulling) changes(ctx context.Context, tx *sql.Tx, id string, since int64) (list []numbered, cut int64, err error) {
	if list, err = studyChanges(ctx, tx, id, since, p.q.Study != ""); err != nil {
		return nil, 0, err
	}
	cut = mostSeq
	r := p.q.Who.reaches(id, Supervisor)
	if p.q.Who.IsDevice() || (r.records && p.q.Study == "") {
		for _, read := range []func(context.Context, *sql.Tx, string, int64, Principal) ([]numbered, error){messageChanges, cardChanges, p.assignmentChanges} {
			more, err := read(ctx, tx, id, since, p.q.Who)
			if err != nil {
				return nil, 0, err
			}
			list = append(list, more...)
		}
	}
	if !r.records {
		slices.SortFunc(list, byNumber)
		return list, cut, nil
	}
	within, err := r.filter(ctx, tx, id)
	if err != nil {
		return nil, 0, err
	}
	records, full, err := p.records(ctx, tx, id, since, within)
	if err != nil {
		return nil, 0, err
	}
	list = append(list, records...)
	if full {
		cut = records[len(records)-1].n
	}
	if p.q.Kind == "" {
		decisions, full, err := decisionChanges(ctx, tx, id, since, within, p.left)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, decisions...)
		if full {
			cut = min(cut, decisions[len(decisions)-1].n)
		}
	}
	if p.q.Study == "" {
		devices, err := deviceChanges(ctx, tx, id, since)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, devices...)
	}
	slices.SortFunc(list, byNumber)
	return list, cut, nil
}

func byNumber(a, b numbered) int { return int(a.n - b.n) }

// studyChanges is the newest version, where it is newer than since. Who reads the records of one study for research gets every
// version since then, the oldest first: interviews were made with all of them.
func studyChanges(ctx context.Context, tx *sql.Tx, id string, since int64, every bool) ([]numbered, error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT v.n, v.body FROM studies s JOIN study_versions v ON v.study = s.id WHERE s.id = $1 AND v.n > $2 AND ($3 OR v.version = s.version) ORDER BY v.n`,
		id, since, every)
	if err != nil {
		return nil, fmt.Errorf("reading the study: %w", err)
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		c := numbered{entry: Entry{ID: id}}
		if err := rows.Scan(&c.n, &c.entry.Study); err != nil {
			return nil, fmt.Errorf("reading the study: %w", err)
		}
		c.bytes = len(c.entry.Study)
		list = append(list, c)
	}
	return list, wrap("reading the study", rows.Err())
}

// filter is which records of a study may be read.
type filter struct {
	all   bool
	sites []string
}

// filter turns regions into their sites, as the study's newest version has them.
func (r reach) filter(ctx context.Context, tx *sql.Tx, id string) (filter, error) {
	if r.all {
		return filter{all: true}, nil
	}
	def, err := newestStudy(ctx, tx, id)
	return filter{sites: sitesOf(def, r.regions, r.sites)}, err
}

// where is the filter as SQL. Only the parameters' numbers are put together here, never their values.
func (f filter) where(args *[]any) string {
	if f.all {
		return ""
	}
	marks := make([]string, len(f.sites))
	for i, site := range f.sites {
		*args = append(*args, site)
		marks[i] = fmt.Sprintf("$%d", len(*args))
	}
	if len(marks) == 0 {
		return " AND 1 = 0"
	}
	return " AND site IN (" + strings.Join(marks, ", ") + ")"
}

func (p *pulling) records(ctx context.Context, tx *sql.Tx, id string, since int64, f filter) (list []numbered, full bool, err error) {
	args := []any{id, since, string(p.q.Kind), p.left}
	rows, err := tx.QueryContext(ctx,
		`SELECT n, id, revision, kind, device, epoch, seq, sha256, interviewer, received_at, skew_ms, body, `+filedState("records.id")+` FROM records
		 WHERE study = $1 AND n > $2 AND ($3 = '' OR kind = $3)`+f.where(&args)+` ORDER BY n LIMIT $4`, args...)
	if err != nil {
		return nil, false, fmt.Errorf("reading records: %w", err)
	}
	defer rows.Close()
	read, bytes := 0, 0
	for rows.Next() {
		r := delivery.StoredRecord{Record: delivery.Record{Study: id}}
		c := numbered{entry: Entry{Record: &r}}
		var filed string
		err := rows.Scan(&c.n, &r.ID, &r.Revision, &r.Kind, &r.Device, &r.Epoch, &r.Seq, &r.SHA256, &r.Interviewer, &r.ReceivedAt, &r.SkewMS, &r.Body, &filed)
		if err == nil {
			r.Provisional, err = provisional(filed)
		}
		if err != nil {
			return nil, false, fmt.Errorf("reading records: %w", err)
		}
		c.entry.ID, c.bytes = r.ID, len(r.Body)
		list = append(list, c)
		if read, bytes = read+1, bytes+c.bytes; read == p.left || bytes > p.bytes {
			full = true
			break
		}
	}
	return list, full, wrap("reading records", rows.Err())
}

func deviceChanges(ctx context.Context, tx *sql.Tx, id string, since int64) ([]numbered, error) {
	rows, err := tx.QueryContext(ctx, `SELECT n, device FROM device_studies WHERE study = $1 AND n > $2 ORDER BY n`, id, since)
	if err != nil {
		return nil, fmt.Errorf("reading devices: %w", err)
	}
	defer rows.Close()
	var list []numbered
	for rows.Next() {
		var c numbered
		if err := rows.Scan(&c.n, &c.entry.ID); err != nil {
			return nil, fmt.Errorf("reading devices: %w", err)
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading devices: %w", err)
	}
	for i := range list {
		state, err := deviceState(ctx, tx, list[i].entry.ID)
		if err != nil {
			return nil, err
		}
		list[i].entry.Device, list[i].bytes = &state, 256
	}
	return list, nil
}
