package centralstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

var studyID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func (s *store) PutStudy(ctx context.Context, p StudyPackage) (StudyState, error) {
	if !studyID.MatchString(p.Study.ID) {
		return StudyState{}, fail(Invalid, "A study_id has up to 64 letters, digits, - and _.")
	}
	files, err := filesOf(p)
	if err != nil {
		return StudyState{}, err
	}
	body, err := json.Marshal(p.Study)
	if err != nil {
		return StudyState{}, fmt.Errorf("writing the study: %w", err)
	}
	for _, data := range p.Files {
		if _, err := s.blobs.put(ctx, data); err != nil {
			return StudyState{}, err
		}
	}
	state := StudyState{Study: p.Study}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.putStudy(ctx, tx, p, body, files, &state) })
	return state, err
}

// filesOf checks that the package has every file the study names.
func filesOf(p StudyPackage) (map[string]int64, error) {
	have := make(map[string]int64, len(p.Files))
	for _, data := range p.Files {
		have[delivery.Sum(data)] = int64(len(data))
	}
	named := map[string]int64{p.Study.Form.SHA256: p.Study.Form.Size}
	for _, m := range p.Study.Media {
		named[m.SHA256] = m.Size
	}
	for sum, size := range named {
		if got, ok := have[sum]; !ok || got != size {
			return nil, fail(Invalid, "The study names a file that is not in the package.")
		}
	}
	return named, nil
}

func (s *store) putStudy(ctx context.Context, tx *sql.Tx, p StudyPackage, body []byte, files map[string]int64, state *StudyState) error {
	id, now := p.Study.ID, s.now()
	_, err := tx.ExecContext(ctx, `INSERT INTO studies (id, version, created_at) VALUES ($1, 0, $2) ON CONFLICT (id) DO NOTHING`, id, now)
	if err != nil {
		return fmt.Errorf("keeping the study: %w", err)
	}
	var before []byte
	err = tx.QueryRowContext(ctx,
		`SELECT s.version, s.interviews, v.body FROM studies s LEFT JOIN study_versions v ON v.study = s.id AND v.version = s.version WHERE s.id = $1`, id).
		Scan(&state.Version, &state.Interviews, &before)
	if err != nil {
		return fmt.Errorf("reading the study: %w", err)
	}
	if bytes.Equal(before, body) {
		state.Unchanged = true
		return nil
	}
	n, err := s.advance(ctx, tx, id, 1, 0)
	if err != nil {
		return err
	}
	state.Version++
	if _, err := tx.ExecContext(ctx, `UPDATE studies SET version = $1 WHERE id = $2`, state.Version, id); err != nil {
		return fmt.Errorf("keeping the study: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO study_versions (study, version, n, body, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, state.Version, n, body, now, p.Actor)
	if err != nil {
		return fmt.Errorf("keeping the study: %w", err)
	}
	for sum, size := range files {
		_, err := tx.ExecContext(ctx, `INSERT INTO study_files (study, sha256, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, sum, size)
		if err != nil {
			return fmt.Errorf("keeping the study's files: %w", err)
		}
	}
	return s.audit(ctx, tx, p.Actor, "study imported", id, fmt.Sprintf("version %d", state.Version), "questionnaire "+p.Study.Form.SHA256)
}

// advance takes count numbers of the study's feed and returns the first. It holds the study's row until the commit, so whoever reads
// number n later finds all before it. It fails with NotFound for an unknown study.
func (s *store) advance(ctx context.Context, tx *sql.Tx, study string, count, interviews int) (first int64, err error) {
	var last int64
	err = tx.StmtContext(ctx, s.hot.advance).QueryRowContext(ctx, count, interviews, study).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fail(NotFound, "There is no study %s.", study)
	}
	if err != nil {
		return 0, fmt.Errorf("numbering a change: %w", err)
	}
	return last - int64(count) + 1, nil
}

// newestStudy reads the newest version; it fails with NotFound.
func newestStudy(ctx context.Context, tx *sql.Tx, id string) (*study.Study, error) {
	state, err := studyState(ctx, tx, id)
	return &state.Study, err
}

func studyState(ctx context.Context, tx *sql.Tx, id string) (StudyState, error) {
	var state StudyState
	var body []byte
	err := tx.QueryRowContext(ctx,
		`SELECT s.version, s.interviews, v.body FROM studies s JOIN study_versions v ON v.study = s.id AND v.version = s.version WHERE s.id = $1`, id).
		Scan(&state.Version, &state.Interviews, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return state, fail(NotFound, "There is no study %s.", id)
	}
	if err != nil {
		return state, fmt.Errorf("reading the study: %w", err)
	}
	return state, wrap("reading the study", json.Unmarshal(body, &state.Study))
}

func (s *store) ListStudies(ctx context.Context, who Principal) ([]StudyState, error) {
	var states []StudyState
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ids, err := visibleStudies(ctx, tx, who)
		if err != nil {
			return err
		}
		for _, id := range ids {
			state, err := studyState(ctx, tx, id)
			if err != nil {
				return err
			}
			states = append(states, state)
		}
		return nil
	})
	return states, wrap("listing studies", err)
}

// visibleStudies lists what the principal may know of, by id.
func visibleStudies(ctx context.Context, tx *sql.Tx, who Principal) ([]string, error) {
	if who.IsDevice() {
		return who.Studies, nil
	}
	all, err := texts(ctx, tx, `SELECT id FROM studies ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("reading the studies: %w", err)
	}
	seen := all[:0]
	for _, id := range all {
		if who.Sees(id) {
			seen = append(seen, id)
		}
	}
	return seen, nil
}

func (s *store) OpenFile(ctx context.Context, who Principal, sha256 string) (io.ReadSeekCloser, error) {
	absent := fail(NotFound, "There is no such file.")
	var studies []string
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		studies, err = texts(ctx, tx, `SELECT study FROM study_files WHERE sha256 = $1`, sha256)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the file: %w", err)
	}
	for _, id := range studies {
		if !who.Sees(id) {
			continue
		}
		file, err := s.blobs.open(ctx, sha256)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, absent
		}
		return file, wrap("opening the file", err)
	}
	return nil, absent
}

// sitesOf lists the sites of regions, and sites themselves.
func sitesOf(def *study.Study, regions, sites []string) []string {
	within := append([]string(nil), sites...)
	for _, site := range def.Sites {
		for _, region := range regions {
			if site.Region == region {
				within = append(within, site.Name)
			}
		}
	}
	return within
}
