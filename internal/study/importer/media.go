package importer

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the formats that the field app shows
	_ "image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"parvis/internal/study"
)

// readMedia gathers the files the questionnaire shows and reads, each once.
func (in *importer) readMedia(p *Package) {
	if in.result == nil {
		return
	}
	m := mediaReader{in: in, p: p}
	if csv := in.result.ItemsetsCSV; csv != nil {
		m.keep("itemsets.csv", csv)
	}
	for _, name := range in.result.Files {
		m.add(name, in.cellOf(name), true)
	}
	for _, name := range in.result.Media {
		m.add(name, in.cellOf(name), false)
	}
	slices.SortFunc(p.Study.Media, func(a, b study.Media) int { return strings.Compare(a.Name, b.Name) })
}

type mediaReader struct {
	in    *importer
	p     *Package
	total int64
	full  bool
}

func (m *mediaReader) add(name string, at place, data bool) {
	if m.p.Media[name] != nil || m.full {
		return
	}
	switch extension := strings.ToLower(path.Ext(name)); extension {
	case ".mp3", ".wav", ".ogg", ".m4a", ".amr", ".3gp", ".mp4", ".mkv", ".webm", ".mov":
		m.in.warning(at, "not-played", fmt.Sprintf("%q will not be played: the field app shows pictures only.", name), "Put what matters into the text or a picture.")
		return
	}
	b, err := m.in.load(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m.in.problem(at, "media-missing", fmt.Sprintf("The file %q is missing.", name), "Put it into the folder beside the workbook that has the workbook's name, or correct the name; capitals count.")
		return
	case err != nil:
		m.in.problem(at, "media", fmt.Sprintf("The file %q cannot be used: %v.", name, err), "Replace it.")
		return
	}
	if !data && !m.picture(name, b, at) {
		return
	}
	m.keep(name, b)
	if len(m.p.Media) > m.in.limits.MediaFiles || m.total > m.in.limits.MediaTotal {
		m.full = true
		m.in.problem(at, "media-total", fmt.Sprintf("The study has more than %d files or more than %d MB of them.", m.in.limits.MediaFiles, m.in.limits.MediaTotal>>20), "Make the pictures smaller or leave some out.")
	}
}

func (m *mediaReader) keep(name string, b []byte) {
	m.total += int64(len(b))
	m.p.Media[name] = b
	m.p.Study.Media = append(m.p.Study.Media, study.Media{Name: name, SHA256: hashOf(b), Size: int64(len(b))})
}

// picture checks that the field app can show a file.
func (m *mediaReader) picture(name string, b []byte, at place) bool {
	c, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		m.in.problem(at, "picture", fmt.Sprintf("%q is not a picture the field app can show.", name), "Save it as PNG or JPEG.")
		return false
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > m.in.limits.Pixels/c.Height {
		m.in.problem(at, "picture-size", fmt.Sprintf("%q is %d by %d pixels, too large for a phone.", name, c.Width, c.Height), "Make it smaller; 1600 pixels on the longer side are plenty.")
		return false
	}
	if format == "gif" && m.in.once("gif/"+name) {
		m.in.warning(at, "picture-still", fmt.Sprintf("Of %q only the first picture is shown.", name), "Save it as PNG.")
	}
	return true
}

// errTooLarge and errBadName are what load refuses; the text completes "cannot be used: ".
var (
	errTooLarge = errors.New("it is too large")
	errBadName  = errors.New("its name has a folder in it")
)

// load reads a file beside the workbook, within the limit of one file.
func (in *importer) load(name string) ([]byte, error) {
	if name == "" || strings.ContainsAny(name, `/\`) || !fs.ValidPath(name) || name == "." {
		return nil, errBadName
	}
	if in.files == nil {
		return nil, fs.ErrNotExist
	}
	f, err := in.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, in.limits.MediaFile+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > in.limits.MediaFile {
		return nil, fmt.Errorf("%w: more than %d kB", errTooLarge, in.limits.MediaFile>>10)
	}
	return b, nil
}

// cellOf finds the first cell of the questionnaire that names a file.
func (in *importer) cellOf(name string) place {
	for _, sheet := range []string{"survey", "choices", "external_choices"} {
		s := in.book.Sheet(sheet)
		if s == nil {
			continue
		}
		for _, row := range s.Rows {
			for i, h := range s.Header {
				if cell := row.At(i); cell == name || (sheet == "survey" && strings.HasSuffix(cell, " "+name)) {
					return place{s.Name, row.Number, h}
				}
			}
		}
	}
	return place{sheet: "survey"}
}

// MediaNames are the names of a package's files in order.
func (p *Package) MediaNames() []string { return slices.Sorted(maps.Keys(p.Media)) }
