package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// Open reads a workbook whatever its file is called: .xlsx, .xlsm, .xls, .csv
// or a Markdown table, told apart by content. name is the file's name, used for
// messages and as the form's id of last resort. Every error is a [Diagnostic]
// that says in one sentence what to do; no content makes it panic.
func Open(name string, r io.ReaderAt, size int64, l Limits) (w *Workbook, err error) {
	defer func() {
		if p := recover(); p != nil {
			w, err = nil, Diagnostic{
				Rule:    "unreadable",
				Message: fmt.Sprintf("%s is damaged and cannot be read as a workbook.", path.Base(name)),
				Remedy:  "Open it in a spreadsheet program, save it anew as .xlsx and try again.",
			}
		}
	}()
	l = l.withDefaults()
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if size == 0 {
		return nil, Diagnostic{Rule: "empty-file", Message: fmt.Sprintf("%s is empty.", base), Remedy: "Save the workbook again and choose that file."}
	}
	if size > l.Bytes {
		return nil, Diagnostic{
			Rule:    "file-size",
			Message: fmt.Sprintf("%s has %d bytes; at most %d are allowed.", base, size, l.Bytes),
			Remedy:  "Remove pictures and unused sheets, or move long choice lists into CSV files.",
		}
	}
	w, err = openAs(base, r, size, &meter{limits: l})
	if err != nil {
		return nil, err
	}
	w.Name = strings.TrimSuffix(base, path.Ext(base))
	return w, nil
}

func openAs(base string, r io.ReaderAt, size int64, m *meter) (*Workbook, error) {
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", base, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		if err := checkZip(base, r, size, m.limits); err != nil {
			return nil, err
		}
		return readXLSX(base, r, size, m)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return readXLS(base, r, size, m)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), text); err != nil {
		return nil, fmt.Errorf("read %s: %w", base, err)
	}
	return readText(base, text, m)
}

// ReadMarkdown reads the tables that tests and short examples are written in.
func ReadMarkdown(name, text string) (*Workbook, error) {
	w, err := readMarkdown(text, &meter{limits: Limits{}.withDefaults()})
	if err != nil {
		return nil, err
	}
	w.Name = name
	return w, nil
}

func readText(base string, text []byte, m *meter) (*Workbook, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, notAWorkbook(base)
	}
	s := string(text)
	first := strings.TrimSpace(s)
	switch {
	case first == "":
		return nil, Diagnostic{Rule: "empty-file", Message: fmt.Sprintf("%s is empty.", base), Remedy: "Save the workbook again and choose that file."}
	case strings.HasPrefix(first, "<"):
		return nil, Diagnostic{
			Rule:    "not-a-workbook",
			Message: fmt.Sprintf("%s holds a web page or XML, not a workbook.", base),
			Remedy:  "Open it in a spreadsheet program and save it as .xlsx.",
		}
	case strings.HasPrefix(first, "|"), strings.HasPrefix(first, "#"):
		return readMarkdown(s, m)
	}
	if !strings.ContainsAny(first, ",;\t") {
		return nil, notAWorkbook(base)
	}
	return readCSV(base, s, m)
}

func notAWorkbook(base string) Diagnostic {
	return Diagnostic{
		Rule:    "not-a-workbook",
		Message: fmt.Sprintf("%s is not a workbook.", base),
		Remedy:  "Choose an .xlsx file, or a CSV file saved as UTF-8.",
	}
}

// checkZip refuses a packed workbook before anything of it is inflated. The
// sizes are those the archive declares; the zip reader refuses a part that
// turns out longer than it said.
func checkZip(base string, r io.ReaderAt, size int64, l Limits) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Diagnostic{
			Rule:    "damaged-file",
			Message: fmt.Sprintf("%s is cut off or damaged.", base),
			Remedy:  "Copy or download the file again, or save it anew as .xlsx.",
		}
	}
	var inflated uint64
	kind := ""
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(l.Inflated) {
			inflated = uint64(l.Inflated) + 1
			break
		}
		inflated += f.UncompressedSize64
		switch {
		case strings.EqualFold(f.Name, "xl/workbook.xml"):
			kind = "xlsx"
		case strings.EqualFold(f.Name, "xl/workbook.bin") && kind == "":
			kind = "xlsb"
		case f.Name == "mimetype" && kind == "":
			kind = "ods"
		}
	}
	if inflated > uint64(l.Inflated) || (inflated > 16<<20 && inflated > uint64(size)*uint64(l.Ratio)) {
		return Diagnostic{
			Rule:    "inflated-size",
			Message: fmt.Sprintf("%s unpacks to far more than a questionnaire needs.", base),
			Remedy:  "Copy the sheets into a new workbook, without pictures and unused cells, and save that.",
		}
	}
	switch kind {
	case "xlsx":
		return nil
	case "xlsb":
		return saveAsXLSX(base, "a binary workbook (.xlsb)")
	case "ods":
		return saveAsXLSX(base, "an OpenDocument file")
	}
	// Some programs write the workbook part under another name and say so in
	// the content types; the reader finds it there.
	for _, f := range z.File {
		if f.Name == "[Content_Types].xml" {
			return nil
		}
	}
	return notAWorkbook(base)
}

func saveAsXLSX(base, what string) Diagnostic {
	return Diagnostic{
		Rule:    "other-format",
		Message: fmt.Sprintf("%s is %s.", base, what),
		Remedy:  "Open it in a spreadsheet program and save it as .xlsx.",
	}
}
