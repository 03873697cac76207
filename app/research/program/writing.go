package program

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parvis/internal/export"
	"parvis/internal/export/archive"
	"parvis/internal/study"
)

// layoutVersion changes whenever the files of an unchanged archive would come out differently.
const layoutVersion = 7

// writing makes the CSV files from the archive.
type writing struct {
	m       *Main
	pull    *pull
	archive *archive.Archive
}

// all writes the files; nil where they are as they would be written, which is what most pulls of a quiet day find.
func (w *writing) all(ctx context.Context) (*export.Summary, error) {
	with := w.fingerprint()
	if w.archive.State().Exported == with && w.filesThere() {
		return nil, nil
	}
	params, err := w.params()
	if err != nil {
		return nil, err
	}
	e, err := export.New(params)
	if err != nil {
		return nil, err
	}
	defer e.Abort()
	if err := w.feed(ctx, e); err != nil {
		return nil, err
	}
	summary, err := e.Finish()
	if err != nil {
		return nil, err
	}
	return summary, w.archive.MarkExported(with)
}

func (w *writing) feed(ctx context.Context, e *export.Exporter) error {
	bar := w.m.bar(w.archive.State().Records, "writing", "records")
	defer bar.end()
	n := 0
	return w.archive.Current(func(r archive.Record) error {
		if n++; n%1000 == 0 {
			bar.add(1000)
			if ctx.Err() != nil {
				return fmt.Errorf("stopped; the files are as they were before. Run the same command again to go on")
			}
		}
		return e.Add(export.Record{Kind: r.Kind, ID: r.ID, Body: r.Body, Provisional: r.Provisional})
	})
}

// params gathers the newest version of the study and the questionnaires of all versions.
func (w *writing) params() (export.Params, error) {
	p := export.Params{Dir: w.pull.Out, ExcelSafe: w.pull.ExcelSafe, BOM: w.pull.BOM, Without: w.without()}
	bodies, err := w.archive.Studies()
	if err != nil {
		return p, err
	}
	if len(bodies) == 0 {
		return p, fmt.Errorf("central has no study %s yet", w.pull.Study)
	}
	var sums []string // of questionnaires, each where it was last in use
	for _, body := range bodies {
		s := &study.Study{}
		if err := json.Unmarshal(body, s); err != nil {
			return p, fmt.Errorf("the study cannot be read: %w", err)
		}
		sums = append(slices.DeleteFunc(sums, func(have string) bool { return have == s.Form.SHA256 }), s.Form.SHA256)
		p.Study = s
	}
	for _, sum := range sums {
		xml, found, err := w.archive.Form(sum)
		if err != nil || !found {
			return p, fmt.Errorf("a questionnaire is missing from %s; delete that folder and pull again: %w", filepath.Join(w.pull.Out, stateFolder), archive.ErrDamaged)
		}
		q, err := export.ReadQuestionnaire(xml)
		if err != nil {
			return p, err
		}
		p.Questionnaires = append(p.Questionnaires, q)
	}
	return p, nil
}

// without are the files to leave out; .csv may be left off.
func (w *writing) without() []string {
	var names []string
	for _, n := range w.pull.Without {
		if filepath.Ext(n) == "" {
			n += ".csv"
		}
		names = append(names, n)
	}
	return names
}

// fingerprint tells apart exports that differ: what was pulled, and how it is written.
func (w *writing) fingerprint() string {
	s := w.archive.State()
	return fmt.Sprintf("layout %d, %d records of %d bytes, %d versions, safe %t, bom %t, without %s",
		layoutVersion, s.Records, s.Bytes, s.Studies, w.pull.ExcelSafe, w.pull.BOM, strings.Join(w.without(), " "))
}

// filesThere tells whether the files that every export has are still where they were put.
func (w *writing) filesThere() bool {
	for _, name := range []string{
		export.Interviews, export.Verbatims, export.Observations, export.Contacts, export.Shifts, export.Footfall, export.Pauses,
		export.Corrections, export.ShiftNotes, export.Reviews, export.Paradata, export.Timings, export.Audit, export.Codebook, export.Choices, export.CodebookPage,
	} {
		if slices.Contains(w.without(), name) {
			continue
		}
		if _, err := os.Stat(filepath.Join(w.pull.Out, name)); err != nil {
			return false
		}
	}
	return true
}
