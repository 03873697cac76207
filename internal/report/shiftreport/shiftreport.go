// Package shiftreport writes a day at a site on paper, as PDF: who worked when, what became of it, what deserves a look and what the
// interviewers noted. Words come from the caller, already in the reader's language.
//
// It knows pages. It must not know screens, storage or studies; names of respondents never come here.
package shiftreport

import (
	"fmt"
	"time"

	"github.com/go-pdf/fpdf"

	"parvis/internal/export/table"
	"parvis/internal/report/paper"
)

// Report is what is printed.
type Report struct {
	Title, Subtitle string
	// Lines stand under the title, such as how old the picture is.
	Lines []string
	// Parts follow each other, each under its heading.
	Parts []Part
	Foot  string // at the bottom of each page, before its number
	// Made is the document's date; the same report made at the same moment is the same file.
	Made time.Time
	// Regular and Bold are TrueType fonts that have the letters used.
	Regular, Bold []byte
}

// Part is a heading with a table or lines.
type Part struct {
	Heading string
	Table   *table.Table
	Lines   []string
	Note    string
}

// Sizes in millimetres and points, of A4 on its side.
const (
	margin  = 14.0
	line    = 5.5
	body    = 9.0
	cellPad = 1.0
)

// PDF writes the report.
func (r Report) PDF() ([]byte, error) {
	p := paper.Begin(paper.Sheet{Title: r.Title, Landscape: true, Margin: margin, Made: r.Made, Regular: r.Regular, Bold: r.Bold})
	p.SetAutoPageBreak(true, margin+line)
	p.SetFooterFunc(func() {
		p.SetY(-margin)
		p.SetFont(paper.Font, "", 8)
		p.CellFormat(0, line, fmt.Sprintf("%s   %d", r.Foot, p.PageNo()), "", 0, "R", false, 0, "")
	})
	p.AddPage()
	p.SetFont(paper.Font, "B", 16)
	p.MultiCell(0, 8, r.Title, "", "L", false)
	p.SetFont(paper.Font, "B", 11)
	p.MultiCell(0, 6, r.Subtitle, "", "L", false)
	lines(p, r.Lines)
	for _, part := range r.Parts {
		part.draw(p)
	}
	file, err := paper.Bytes(p)
	if err != nil {
		return nil, fmt.Errorf("write the shift report: %w", err)
	}
	return file, nil
}

func lines(p *fpdf.Fpdf, all []string) {
	p.SetFont(paper.Font, "", body)
	for _, l := range all {
		p.MultiCell(0, line, l, "", "L", false)
	}
}

func (part Part) draw(p *fpdf.Fpdf) {
	_, high := p.GetPageSize()
	if p.GetY() > high-margin-6*line {
		p.AddPage() // a heading never stands alone at the bottom
	}
	p.Ln(line / 2)
	p.SetFont(paper.Font, "B", 11)
	p.MultiCell(0, 6.5, part.Heading, "", "L", false)
	if part.Table != nil {
		draw(p, *part.Table)
	}
	lines(p, part.Lines)
	if part.Note != "" {
		p.SetFont(paper.Font, "", 8)
		p.MultiCell(0, line-1, part.Note, "", "L", false)
	}
}

// draw writes a table whose columns are as wide as their words want, in proportion to the page; long words break into lines.
func draw(p *fpdf.Fpdf, t table.Table) {
	widths := widthsOf(p, t)
	head := func() {
		p.SetFont(paper.Font, "B", body)
		cells := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = c.Title
		}
		row(p, t, widths, cells)
		x, y := p.GetXY()
		p.Line(x, y, x+sum(widths), y)
	}
	head()
	_, high := p.GetPageSize()
	for _, r := range t.Rows {
		cells := make([]string, len(t.Columns))
		for i := range t.Columns {
			cells[i] = r.Cells[i].Text
		}
		p.SetFont(paper.Font, "", body)
		if p.GetY()+rowHeight(p, widths, cells) > high-margin-line {
			p.AddPage()
			head()
			p.SetFont(paper.Font, "", body)
		}
		row(p, t, widths, cells)
	}
}

func widthsOf(p *fpdf.Fpdf, t table.Table) []float64 {
	wide, _ := p.GetPageSize()
	room := wide - 2*margin
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		p.SetFont(paper.Font, "B", body)
		widths[i] = p.GetStringWidth(c.Title)
		p.SetFont(paper.Font, "", body)
		for _, r := range t.Rows {
			widths[i] = max(widths[i], p.GetStringWidth(r.Cells[i].Text))
		}
		widths[i] = min(widths[i], room/2) + 2*cellPad + 2
	}
	all := sum(widths)
	for i := range widths {
		if all > room || len(widths) > 3 {
			widths[i] *= room / all
		}
	}
	return widths
}

func sum(all []float64) (s float64) {
	for _, v := range all {
		s += v
	}
	return s
}

func rowHeight(p *fpdf.Fpdf, widths []float64, cells []string) float64 {
	most := 1
	for i, text := range cells {
		most = max(most, len(p.SplitText(text, widths[i]-2*cellPad)))
	}
	return float64(most) * line
}

func row(p *fpdf.Fpdf, t table.Table, widths []float64, cells []string) {
	high := rowHeight(p, widths, cells)
	x, y := p.GetXY()
	at := x
	for i, text := range cells {
		align := "L"
		if t.Columns[i].Kind != table.Words {
			align = "R"
		}
		p.SetXY(at, y)
		p.MultiCell(widths[i], line, text, "", align, false)
		at += widths[i]
	}
	p.SetXY(x, y+high)
}
