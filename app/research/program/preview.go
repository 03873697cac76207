package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"parvis/internal/study/folder"
	"parvis/internal/study/importer"
	"parvis/internal/xlsform"
)

type formPreview struct {
	File  string `arg:"" help:"The workbook: .xlsx, .xlsm, .xls, .csv or .md." type:"path" placeholder:"FILE"`
	Field string `help:"The field app's program; the one beside research where not given." type:"path" placeholder:"FILE"`
}

// Run opens the questionnaire in the field app's own screens and waits until its window is closed.
func (c *formPreview) Run(ctx context.Context, m *Main) error {
	field, err := fieldApp(c.Field)
	if err != nil {
		return err
	}
	book, diagnostics, err := openWorkbook(c.File)
	if err != nil {
		return err
	}
	var pkg *importer.Package
	if !diagnostics.Failed() {
		pkg, diagnostics, err = importer.FromWorkbook(book, importer.Beside(c.File), importer.Limits{})
	}
	m.tell(diagnostics)
	if pkg == nil {
		if !diagnostics.Failed() {
			return err
		}
		return fmt.Errorf("%s cannot be tried: %s", filepath.Base(c.File), count(len(diagnostics.Problems()), "problem"))
	}
	dir, err := os.MkdirTemp("", "parvis-preview-")
	if err != nil {
		return fmt.Errorf("laying out the study: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := folder.Write(dir, folder.Contents{Study: pkg.Study, XForm: pkg.XForm, Media: pkg.Media}); err != nil {
		return err
	}
	m.print("%s is open in the field app; nothing is kept. Close its window when you are done.\n", filepath.Base(c.File))
	window := exec.CommandContext(ctx, field, "--preview", dir)
	window.Stdout, window.Stderr = m.p.Stdout, m.p.Stderr
	if err := window.Run(); err != nil {
		return fmt.Errorf("the field app ended: %w", err)
	}
	return nil
}

// tell prints diagnostics where they do not get into what is written to the terminal's output.
func (m *Main) tell(diagnostics xlsform.Diagnostics) {
	for _, d := range diagnostics {
		fmt.Fprintf(m.p.Stderr, "%s: %s\n", d.Severity, d.Error())
	}
}

// fieldApp finds the field app: where it is said to be, or beside this program.
func fieldApp(said string) (string, error) {
	if said != "" {
		return said, nil
	}
	name := "field"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("looking for the field app: %w", err)
	}
	beside := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(beside); err != nil {
		return "", errors.New("the field app, whose screens show the questionnaire, is not beside research; say where it is with --field")
	}
	return beside, nil
}
