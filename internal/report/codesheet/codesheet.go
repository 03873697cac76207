// Package codesheet writes enrolment codes on paper, as PDF: a card for each, with its QR code, to be cut out and handed over. Words come
// from the caller, already in the reader's language.
//
// It knows pages. It must not know screens, storage or the network.
//
// skip2/go-qrcode makes the code, MIT.
package codesheet

import (
	"fmt"
	"time"

	"github.com/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"

	"parvis/internal/report/paper"
)

// Sheet is what is printed.
type Sheet struct {
	Title string // the document's, not printed
	Cards []Card
	// Made is the document's date; the same sheet made at the same moment is the same file.
	Made time.Time
	// Regular and Bold are TrueType fonts that have the letters used.
	Regular, Bold []byte
}

// Card is one code.
type Card struct {
	Code string // as it is read out
	Link string // what the QR code holds
	// For is whose it is; Lines are what else one has to know.
	For   string
	Lines []string
}

// Sizes in millimetres and points, of A4.
const (
	margin  = 12.0
	columns = 2
	rows    = 4
	pad     = 6.0
	qrSide  = 36.0
	line    = 4.2
	small   = 8.0
)

// PDF writes the sheet, eight cards a page.
func (s Sheet) PDF() ([]byte, error) {
	p := paper.Begin(paper.Sheet{Title: s.Title, Margin: margin, Made: s.Made, Regular: s.Regular, Bold: s.Bold})
	wide, high := p.GetPageSize()
	w, h := (wide-2*margin)/columns, (high-2*margin)/rows
	for i, card := range s.Cards {
		at := i % (columns * rows)
		if at == 0 {
			p.AddPage()
		}
		if err := card.draw(p, margin+w*float64(at%columns), margin+h*float64(at/columns), w, h); err != nil {
			return nil, err
		}
	}
	file, err := paper.Bytes(p)
	if err != nil {
		return nil, fmt.Errorf("write the sheet of codes: %w", err)
	}
	return file, nil
}

func (c Card) draw(p *fpdf.Fpdf, x, y, w, h float64) error {
	p.SetDrawColor(150, 150, 150)
	p.SetDashPattern([]float64{1.5, 1.5}, 0)
	p.Rect(x, y, w, h, "D")
	p.SetDashPattern(nil, 0)
	if err := drawQR(p, c.Link, x+pad/2, y+pad); err != nil {
		return err
	}
	left, room := x+pad/2+qrSide+pad/2, w-qrSide-1.5*pad
	p.SetXY(left, y+pad)
	p.SetFont(paper.Font, "B", 18)
	p.CellFormat(room, 9, c.Code, "", 2, "L", false, 0, "")
	p.SetFont(paper.Font, "B", 11)
	p.MultiCell(room, 5.5, c.For, "", "L", false)
	p.SetFont(paper.Font, "", small)
	for _, l := range c.Lines {
		p.SetX(left)
		p.MultiCell(room, line, l, "", "L", false)
	}
	return nil
}

// drawQR draws rectangles, which print sharp at any size. The code stays readable where an eighth of it is dirty.
func drawQR(p *fpdf.Fpdf, text string, x, y float64) error {
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("make the QR code: %w", err)
	}
	bitmap := qr.Bitmap() // with its quiet zone, dark modules as true
	side := qrSide / float64(len(bitmap))
	p.SetFillColor(0, 0, 0)
	for j, row := range bitmap {
		for i := 0; i < len(row); i++ {
			begin := i
			for i < len(row) && row[i] {
				i++
			}
			if i > begin {
				p.Rect(x+side*float64(begin), y+side*float64(j), side*float64(i-begin), side, "F")
			}
		}
	}
	return nil
}
