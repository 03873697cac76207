package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parvis/internal/study/importer"
	"parvis/internal/xlsform"
)

type study struct {
	Import studyImport `cmd:"" help:"Import a study from its workbook, with the pictures beside it."`
	List   studyList   `cmd:"" help:"List the studies."`
}

type studyImport struct {
	data
	File      string   `arg:"" help:"The workbook: .xlsx, .xlsm, .xls, .csv or .md." placeholder:"FILE"`
	Recipient []string `help:"An age public key, age1..., that can open personal data; may be given several times." placeholder:"AGE1..."`
}

// Run prints every diagnostic and fails where the workbook is refused.
func (s *studyImport) Run(ctx context.Context, m *Main) error {
	p, ds, err := s.read(m)
	if err != nil {
		return s.refuse(m, ds, err)
	}
	s.show(m, ds.Warnings())
	store, err := m.open(ctx, s.data, true)
	if err != nil {
		return err
	}
	imports := &importing{store: store}
	sealed, err := imports.recipients(ctx, p, s.Recipient)
	if err != nil {
		return err
	}
	if !sealed {
		if err := m.newKey(p); err != nil {
			return err
		}
	}
	state, err := store.PutStudy(ctx, packageOf(p, actor()))
	if err != nil {
		return err
	}
	def := state.Study
	if state.Unchanged {
		m.print("Study %s is here already, exactly like this: version %d.\n", def.ID, state.Version)
	} else {
		m.print("Imported study %s, version %d: %s, %s, %s.\n", def.ID, state.Version, plural(len(def.Sites), "site", "sites"),
			plural(len(def.Quotas), "quota", "quotas"), plural(len(def.Media), "picture or file", "pictures and files"))
	}
	m.print("Next, a code for an interviewer's device:\n  central enrol-code --study %s --interviewer 0417%s\n", def.ID, s.flag())
	return nil
}

func (s *studyImport) read(m *Main) (*importer.Package, xlsform.Diagnostics, error) {
	file, err := os.Open(s.File)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot open the workbook: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("cannot open the workbook: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a file", s.File)
	}
	return new(importing).read(filepath.Base(s.File), file, info.Size(), importer.Beside(s.File))
}

func (s *studyImport) refuse(m *Main, ds xlsform.Diagnostics, err error) error {
	name := filepath.Base(s.File)
	if len(ds) == 0 {
		return fmt.Errorf("%s is refused: %w", name, err)
	}
	s.show(m, ds)
	fmt.Fprintf(m.p.Stderr, "central: %s is refused: %s to put right. Nothing was changed.\n", name, plural(len(ds.Problems()), "problem", "problems"))
	return errSaid
}

// show prints diagnostics in the order in which an author meets the places.
func (s *studyImport) show(m *Main, ds xlsform.Diagnostics) {
	for _, d := range ds {
		place := filepath.Base(s.File)
		if d.Sheet != "" {
			place = "sheet " + d.Sheet
		}
		if d.Row > 0 {
			place += fmt.Sprintf(", row %d", d.Row)
		}
		if d.Column != "" {
			place += ", column " + d.Column
		}
		fmt.Fprintf(m.p.Stderr, "%s: %s: %s\n", d.Severity, place, d.Message)
		if d.Remedy != "" {
			fmt.Fprintf(m.p.Stderr, "    %s\n", strings.ReplaceAll(d.Remedy, "\n", "\n    "))
		}
	}
}

type studyList struct{ data }

// Run lists the studies.
func (s *studyList) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, s.data, false)
	if err != nil {
		return err
	}
	status, err := store.Status(ctx)
	if err != nil {
		return err
	}
	if len(status.Studies) == 0 {
		return errors.New("there is no study yet; bring one in with: central study import FILE" + s.flag())
	}
	rows := [][]string{{"STUDY", "VERSION", "INTERVIEWS", "TITLE"}}
	for _, st := range status.Studies {
		rows = append(rows, []string{st.Study.ID, fmt.Sprint(st.Version), fmt.Sprint(st.Interviews), st.Study.Title.In("", st.Study.DefaultLanguage())})
	}
	table(m.p.Stdout, rows)
	return nil
}
