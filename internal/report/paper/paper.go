// Package paper begins a printed document: A4, a font with the reader's letters, and the same bytes whenever the same is printed.
//
// It knows pages. It must not know what is printed on them.
//
// go-pdf/fpdf draws: it embeds the part of a font that is used and needs no program beside it.
package paper

import (
	"bytes"
	"time"

	"github.com/go-pdf/fpdf"
)

// Font is the family of both fonts of a document; its styles are "" and "B".
const Font = "parvis"

// Sheet is what a document is begun with.
type Sheet struct {
	Title     string // the document's, not printed
	Landscape bool
	Margin    float64 // on all sides, millimetres
	// Made is the document's date.
	Made time.Time
	// Regular and Bold are TrueType fonts that have the letters used.
	Regular, Bold []byte
}

// Begin makes a document without pages.
func Begin(s Sheet) *fpdf.Fpdf {
	way := "P"
	if s.Landscape {
		way = "L"
	}
	p := fpdf.New(way, "mm", "A4", "")
	p.SetCreationDate(s.Made)
	p.SetModificationDate(s.Made)
	p.SetCatalogSort(true)
	p.SetTitle(s.Title, true)
	p.SetMargins(s.Margin, s.Margin, s.Margin)
	p.SetAutoPageBreak(false, s.Margin)
	p.AddUTF8FontFromBytes(Font, "", s.Regular)
	p.AddUTF8FontFromBytes(Font, "B", s.Bold)
	return p
}

// Bytes ends the document and gives its file.
func Bytes(p *fpdf.Fpdf) ([]byte, error) {
	var out bytes.Buffer
	err := p.Output(&out)
	return out.Bytes(), err
}
