// Package importer reads a study from its workbook: the questionnaire, the sheets study, sites, waves, quotas and alerts, and
// the files beside it. It finds everything that is wrong in one run, each with its place and what to write instead.
//
// It knows workbooks, questionnaires and expressions. It must not know of devices, storage, the network or screens. It
// stands apart from package study so that a device, which never sees a workbook, need not carry what reads one.
package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

// Params of an import.
type Params struct {
	Name     string      // the workbook's file name, for messages and as the last resort for names
	Workbook io.ReaderAt // the workbook
	Size     int64       // its length in bytes
	Files    fs.FS       // pictures and data files beside it; nil for none. See [Beside].
	Limits   Limits      // what a workbook and its files may weigh; zero fields mean the defaults
}

// Limits bound what an import may take.
type Limits struct {
	Workbook   xlsform.Limits
	MediaFile  int64 // bytes of one file; default 8 MiB
	MediaTotal int64 // bytes of all files; default 64 MiB
	MediaFiles int   // number of files; default 500
	Pixels     int   // width times height of a picture; default 16 million
}

func (l Limits) withDefaults() Limits {
	if l.MediaFile <= 0 {
		l.MediaFile = 8 << 20
	}
	if l.MediaTotal <= 0 {
		l.MediaTotal = 64 << 20
	}
	if l.MediaFiles <= 0 {
		l.MediaFiles = 500
	}
	if l.Pixels <= 0 {
		l.Pixels = 16_000_000
	}
	return l
}

// Package is a study ready to be given out.
type Package struct {
	Study study.Study
	XForm []byte            // the questionnaire; Study.Form has its hash
	Media map[string][]byte // by name; Study.Media has the hashes
}

// Read imports a study from its workbook. The diagnostics hold everything worth telling the author, warnings included.
// The error is nil exactly when there is a package; otherwise it lists every problem, or says why the workbook could not
// be read.
func Read(p Params) (*Package, xlsform.Diagnostics, error) {
	book, err := xlsform.Open(p.Name, p.Workbook, p.Size, p.Limits.Workbook)
	if err != nil {
		var d xlsform.Diagnostic
		if errors.As(err, &d) {
			ds := xlsform.Diagnostics{d}
			return nil, ds, ds.Err()
		}
		return nil, nil, err
	}
	return FromWorkbook(book, p.Files, p.Limits)
}

// File imports a study from a workbook on disk, with the files beside it (see [Beside]).
func File(path string, l Limits) (*Package, xlsform.Diagnostics, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the workbook: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("open the workbook: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a file", path)
	}
	return Read(Params{Name: path, Workbook: f, Size: info.Size(), Files: Beside(path), Limits: l})
}

// FromWorkbook imports a study from a workbook that is open already.
func FromWorkbook(book *xlsform.Workbook, files fs.FS, l Limits) (*Package, xlsform.Diagnostics, error) {
	in := &importer{book: book, files: files, limits: l.withDefaults(), seen: map[string]bool{}, readings: map[string]*reading{}}
	in.convert()
	in.survey = indexSurvey(in)
	in.languages()
	p := &Package{Media: map[string][]byte{}}
	in.readStudy(&p.Study)
	in.readSites(&p.Study)
	in.readWaves(&p.Study)
	in.readQuotas(&p.Study)
	in.readAlerts(&p.Study)
	in.checkRoles()
	in.checkLimits()
	in.checkMinima()
	in.checkAskable()
	in.checkSkippable()
	in.readMedia(p)
	if err := in.diags.Err(); err != nil {
		return nil, in.diags, err
	}
	p.XForm = in.result.XML
	p.Study.Form = study.FormRef{ID: in.form.ID, Version: in.form.Version, SHA256: hashOf(p.XForm), Size: int64(len(p.XForm))}
	return p, in.diags, nil
}

// convert makes the questionnaire. Where that fails, the rest of the workbook is still checked, without in.form.
func (in *importer) convert() {
	result, diags := xlsform.Convert(in.book, xlsform.Options{Strict: true})
	in.diags = append(in.diags, diags...)
	if diags.Failed() || result == nil {
		return
	}
	form, err := xform.Parse(bytes.NewReader(result.XML), xform.ParseOptions{Resource: in.resource(result)})
	if err != nil {
		in.problem(place{sheet: "survey"}, "form", fmt.Sprintf("The questionnaire cannot be run: %v.", err), "Correct the expression or the names it speaks of.")
		return
	}
	in.result, in.form = result, form
}

// resource opens the data files a questionnaire reads, for the check that it can be run with them.
func (in *importer) resource(result *xlsform.Result) func(uri string) (io.ReadCloser, error) {
	return func(uri string) (io.ReadCloser, error) {
		name := uri[strings.LastIndexByte(uri, '/')+1:]
		if name == "itemsets.csv" && result.ItemsetsCSV != nil {
			return io.NopCloser(bytes.NewReader(result.ItemsetsCSV)), nil
		}
		b, err := in.load(name)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	}
}

// languages settles the languages of the study: the questionnaire's, default first.
func (in *importer) languages() {
	if in.form != nil {
		in.langs, in.standard = in.form.Languages(), in.form.DefaultLanguage()
	} else if s := in.book.Sheet("survey"); s != nil {
		in.langs = s.Languages("label")
		if len(in.langs) > 0 {
			in.standard = in.langs[0]
		}
	}
	for i, l := range in.langs {
		if l == in.standard && i > 0 {
			copy(in.langs[1:i+1], in.langs[:i])
			in.langs[0] = l
		}
		if rightToLeft(l) {
			in.warning(place{sheet: "survey"}, "right-to-left", fmt.Sprintf("%s is written from right to left, which the field app does not lay out.", l), "Try it on a device before the field work starts.")
		}
	}
}

// rightToLeft knows the languages whose usual script runs from right to left, by their codes.
func rightToLeft(lang string) bool {
	switch study.LanguageCode(lang) {
	case "ar", "dv", "fa", "he", "iw", "ku", "ckb", "ps", "sd", "ug", "ur", "yi":
		return true
	}
	return false
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
