package program

import (
	_ "embed" // for the sheet
	"errors"
	"fmt"
	"html/template"
	"os"
	"strings"

	"github.com/skip2/go-qrcode"
	"golang.org/x/term"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// drawing is how enrolment codes are shown beside their characters.
type drawing struct {
	QR      bool   `name:"qr" help:"Draw each code as a QR code here, with central's address in it."`
	PNG     string `name:"png" help:"Write the QR code as a picture." placeholder:"FILE.png"`
	Sheet   string `help:"Write a sheet to print, a card for each code." placeholder:"FILE.html"`
	Address string `help:"Central's address, as devices reach it; for the QR codes." env:"PARVIS_CENTRAL_ADDRESS" placeholder:"https://central.example.org"`
}

// card is one code on the sheet.
type card struct {
	Code, Interviewer, Studies, Until string
	Address                           string
	Link                              string
	Picture                           template.HTML
}

// check refuses before a code is made, since it is shown only once.
func (d *drawing) check(count int) error {
	if !d.QR && d.PNG == "" && d.Sheet == "" {
		return nil
	}
	if d.Address == "" {
		return errors.New("a QR code holds central's address: give it with --address https://central.example.org")
	}
	address, err := agent.Address(d.Address)
	if err != nil {
		return fmt.Errorf("--address %s is no address of a central: it looks like https://central.example.org", d.Address)
	}
	d.Address = address
	if d.PNG != "" && count > 1 {
		return errors.New("--png is for one code; --sheet writes all of them, with their QR codes")
	}
	for _, file := range []string{d.PNG, d.Sheet} {
		if file == "" {
			continue
		}
		if _, err := os.Lstat(file); err == nil {
			return fmt.Errorf("%s is there already; choose another name", file)
		}
	}
	return nil
}

func (d *drawing) draw(m *Main, cards []card) error {
	for i := range cards {
		cards[i].Address, cards[i].Link = d.Address, protocol.EnrolLink(d.Address, cards[i].Code)
	}
	if d.QR {
		for _, c := range cards {
			m.print("\n%s\n", c.Link)
			if err := m.drawQR(c.Link); err != nil {
				return err
			}
		}
	}
	if d.PNG != "" {
		qr, err := newQR(cards[0].Link)
		if err != nil {
			return err
		}
		picture, err := qr.PNG(-12) // 12 pixels a module
		if err != nil {
			return fmt.Errorf("drawing the QR code: %w", err)
		}
		if err := writeNew(d.PNG, picture); err != nil {
			return err
		}
	}
	if d.Sheet != "" {
		return writeSheet(d.Sheet, cards)
	}
	return nil
}

// newQR makes a QR code that stays readable where an eighth of it is dirty; go-qrcode makes it, MIT.
func newQR(text string) (*qrcode.QRCode, error) {
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("making the QR code: %w", err)
	}
	return qr, nil
}

// drawQR draws with half blocks, two rows of the code in a line. A terminal is told to show them light on black, whatever its own
// colours; elsewhere they are drawn for a dark background.
func (m *Main) drawQR(text string) error {
	qr, err := newQR(text)
	if err != nil {
		return err
	}
	before, after := "", ""
	if file, ok := m.p.Stdout.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		before, after = "\x1b[97;40m", "\x1b[0m"
	}
	for _, line := range halfBlocks(qr.Bitmap()) {
		m.print("%s%s%s\n", before, line, after)
	}
	return nil
}

// halfBlocks draws what is light. The bitmap has its quiet zone, and dark modules as true.
func halfBlocks(bitmap [][]bool) []string {
	lines := make([]string, 0, (len(bitmap)+1)/2)
	for y := 0; y < len(bitmap); y += 2 {
		var line strings.Builder
		for x := range bitmap[y] {
			below := y+1 < len(bitmap) && !bitmap[y+1][x]
			switch above := !bitmap[y][x]; {
			case above && below:
				line.WriteRune('█')
			case above:
				line.WriteRune('▀')
			case below:
				line.WriteRune('▄')
			default:
				line.WriteRune(' ')
			}
		}
		lines = append(lines, line.String())
	}
	return lines
}

//go:embed sheet.html
var sheet string

func writeSheet(file string, cards []card) error {
	page, err := template.New("sheet").Parse(sheet)
	if err != nil {
		return fmt.Errorf("reading the sheet: %w", err)
	}
	for i := range cards {
		qr, err := newQR(cards[i].Link)
		if err != nil {
			return err
		}
		cards[i].Picture = vector(qr.Bitmap())
	}
	var out strings.Builder
	if err := page.Execute(&out, cards); err != nil {
		return fmt.Errorf("writing the sheet: %w", err)
	}
	return writeNew(file, []byte(out.String()))
}

// vector draws the code as SVG, which prints sharp at any size.
func vector(bitmap [][]bool) template.HTML {
	var path strings.Builder
	for y, row := range bitmap {
		for x := 0; x < len(row); x++ {
			begin := x
			for x < len(row) && row[x] {
				x++
			}
			if x > begin {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", begin, y, x-begin, x-begin)
			}
		}
	}
	size := len(bitmap)
	// It is made of numbers only.
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img"><path d="%s"/></svg>`, size, size, path.String()))
}

// writeNew writes a file that only its owner reads: whoever has a code can enrol.
func writeNew(file string, data []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	_, err = out.Write(data)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}
