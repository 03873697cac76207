package program

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"parvis/internal/quota/fieldwork"
)

// gonum/plot draws what a research team looks at: the field's usual library for Go, BSD-licensed, kept up with gonum, and only in this
// program, never on a phone.

// measure is one panel of the picture.
type measure struct {
	title string
	of    func(fieldwork.Result) float64
}

func measures() []measure {
	return []measure{
		{"beyond target, % of wanted", func(r fieldwork.Result) float64 { return 100 * r.Overshoot }},
		{"unfilled, % of wanted", func(r fieldwork.Result) float64 { return 100 * r.Unfilled }},
		{"turned away while open elsewhere, % of eligible", func(r fieldwork.Result) float64 { return 100 * r.AwayOpen }},
	}
}

// drawQuotas draws three panels over the gap between synchronisations: a line for each way of sharing and each tolerance.
func drawQuotas(path string, shift float64, all []outcome) error {
	const width, height = 11 * vg.Inch, 4.2 * vg.Inch
	var canvas vg.CanvasWriterTo
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(144))}
	case ".svg":
		canvas = vgsvg.New(width, height)
	default:
		return fmt.Errorf("%s is neither a .png nor a .svg", filepath.Base(path))
	}
	area := draw.New(canvas)
	tiles := draw.Tiles{Rows: 1, Cols: len(measures()), PadX: vg.Points(14), PadTop: vg.Points(8), PadBottom: vg.Points(6), PadLeft: vg.Points(6), PadRight: vg.Points(10)}
	for i, what := range measures() {
		p, err := panel(what, shift, all, i == 0)
		if err != nil {
			return err
		}
		p.Draw(tiles.At(area, i, 0))
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := canvas.WriteTo(file); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func panel(what measure, shift float64, all []outcome, legend bool) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text = what.title
	p.Title.TextStyle.Font.Size = vg.Points(11)
	p.X.Label.Text = fmt.Sprintf("hours between two synchronisations (%g: end of the shift)", shift)
	p.X.Label.TextStyle.Font.Size = vg.Points(8)
	p.Y.Min = 0
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.TextStyle.Font.Size = vg.Points(8)
	p.Add(plotter.NewGrid())
	tolerances := []int{}
	for _, o := range all {
		if !slices.Contains(tolerances, o.tolerance) {
			tolerances = append(tolerances, o.tolerance)
		}
	}
	for _, how := range fieldwork.Sharings() {
		for dash, tolerance := range tolerances {
			if err := addLine(p, what, how, tolerance, dash, all, legend); err != nil {
				return nil, err
			}
		}
	}
	p.Y.Max = max(p.Y.Max, 1) * 1.35 // room for the legend
	return p, nil
}

// addLine adds one way of sharing with one tolerance. Ways differ by colour and by the form of their points, tolerances by dashes.
func addLine(p *plot.Plot, what measure, how fieldwork.Sharing, tolerance, dash int, all []outcome, legend bool) error {
	chosen := slices.DeleteFunc(slices.Clone(all), func(o outcome) bool { return o.how != how || o.tolerance != tolerance })
	slices.SortFunc(chosen, byGap)
	points := make(plotter.XYs, len(chosen))
	for i, o := range chosen {
		points[i].X, points[i].Y = o.gap, what.of(o.Result)
	}
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	colours := map[fieldwork.Sharing]color.Color{
		fieldwork.Leases: color.NRGBA{0x0E, 0x5A, 0x5A, 0xFF}, fieldwork.Split: color.NRGBA{0x9A, 0x67, 0x00, 0xFF}, fieldwork.Stale: color.NRGBA{0xB3, 0x26, 0x1E, 0xFF},
	}
	shapes := map[fieldwork.Sharing]draw.GlyphDrawer{fieldwork.Leases: draw.CircleGlyph{}, fieldwork.Split: draw.SquareGlyph{}, fieldwork.Stale: draw.PyramidGlyph{}}
	line.Color, dots.Color, dots.Shape = colours[how], colours[how], shapes[how]
	line.Width = vg.Points(1.5)
	if dash > 0 {
		line.Dashes = []vg.Length{vg.Points(float64(8 / dash)), vg.Points(3)}
	}
	p.Add(line, dots)
	if legend {
		p.Legend.Add(fmt.Sprintf("%s, tolerance %d", saidAs(how), tolerance), line, dots)
	}
	return nil
}
