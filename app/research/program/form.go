package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parvis/internal/study/importer"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

type form struct {
	Check   formCheck   `cmd:"" help:"Tell everything that is wrong with a workbook, with row, column and remedy."`
	Preview formPreview `cmd:"" help:"Try the questionnaire of a workbook in the field app's own screens."`
	Convert formConvert `cmd:"" help:"Write the questionnaire of a workbook as an XForm."`
}

type formCheck struct {
	File string `arg:"" help:"The workbook: .xlsx, .xlsm, .xls, .csv or .md." type:"path" placeholder:"FILE"`
	JSON bool   `name:"json" help:"Print the diagnostics as JSON, for editors."`
}

// Run prints the diagnostics; with a problem among them the exit status is 1.
func (c *formCheck) Run(m *Main) error {
	diagnostics, err := check(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(m, diagnostics); err != nil {
			return err
		}
	} else {
		printDiagnostics(m, c.File, diagnostics)
	}
	if diagnostics.Failed() {
		return errSaid
	}
	return nil
}

// check reads a workbook whole: the questionnaire, and the sheets around it where it has them.
func check(path string) (xlsform.Diagnostics, error) {
	book, diagnostics, err := openWorkbook(path)
	if err != nil || diagnostics.Failed() {
		return diagnostics, err
	}
	if book.Sheet("study") != nil {
		_, diagnostics, err := importer.FromWorkbook(book, importer.Beside(path), importer.Limits{})
		if diagnostics.Failed() {
			err = nil // it says the same
		}
		return diagnostics, err
	}
	_, diagnostics = convert(book)
	return diagnostics, nil
}

// convert makes the XForm and makes sure that it can be run.
func convert(book *xlsform.Workbook) (*xlsform.Result, xlsform.Diagnostics) {
	result, diagnostics := xlsform.Convert(book, xlsform.Options{})
	if result == nil || diagnostics.Failed() {
		return nil, diagnostics
	}
	if _, err := xform.Parse(bytes.NewReader(result.XML), xform.ParseOptions{}); err != nil {
		diagnostics = append(diagnostics, xlsform.Diagnostic{
			Sheet: "survey", Message: fmt.Sprintf("The questionnaire cannot be run: %v.", err), Remedy: "Correct the expression or the names it speaks of.",
		})
	}
	return result, diagnostics
}

// openWorkbook opens the file; one that is no workbook is a diagnostic like any other.
func openWorkbook(path string) (*xlsform.Workbook, xlsform.Diagnostics, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the workbook: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("opening the workbook: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a file", path)
	}
	book, err := xlsform.Open(path, file, info.Size(), xlsform.Limits{})
	var one xlsform.Diagnostic
	if errors.As(err, &one) {
		return nil, xlsform.Diagnostics{one}, nil
	}
	return book, nil, err
}

func printDiagnostics(m *Main, path string, all xlsform.Diagnostics) {
	for _, d := range all {
		m.print("%s: %s\n", d.Severity, d.Error())
	}
	problems, warnings := len(all.Problems()), len(all.Warnings())
	switch {
	case problems > 0:
		m.print("%s: %s, %s.\n", filepath.Base(path), count(problems, "problem"), count(warnings, "warning"))
	case warnings > 0:
		m.print("%s is ready, with %s.\n", filepath.Base(path), count(warnings, "warning"))
	default:
		m.print("%s is ready.\n", filepath.Base(path))
	}
}

func printJSON(m *Main, all xlsform.Diagnostics) error {
	if all == nil {
		all = xlsform.Diagnostics{}
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the diagnostics: %w", err)
	}
	m.print("%s\n", text)
	return nil
}

type formConvert struct {
	File string `arg:"" help:"The workbook: .xlsx, .xlsm, .xls, .csv or .md." type:"path" placeholder:"FILE"`
	Out  string `help:"Where the XForm goes, - for the terminal; beside the workbook where not given." placeholder:"FILE"`
}

// Run writes the XForm unless something is a problem.
func (c *formConvert) Run(m *Main) error {
	book, diagnostics, err := openWorkbook(c.File)
	if err != nil {
		return err
	}
	var result *xlsform.Result
	if !diagnostics.Failed() {
		result, diagnostics = convert(book)
	}
	m.tell(diagnostics)
	if diagnostics.Failed() {
		return fmt.Errorf("%s was not converted: %s", filepath.Base(c.File), count(len(diagnostics.Problems()), "problem"))
	}
	if c.Out == "-" {
		_, err := m.p.Stdout.Write(result.XML)
		return err
	}
	out := c.Out
	if out == "" {
		out = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + ".xml"
	}
	if err := os.WriteFile(out, result.XML, 0o644); err != nil {
		return fmt.Errorf("writing the XForm: %w", err)
	}
	m.print("%s\n", out)
	return nil
}
