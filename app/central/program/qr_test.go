package program_test

import (
	"bytes"
	"image"
	"image/color"
	_ "image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"
)

// scan reads a picture that holds a QR code and nothing else, with a library that has nothing to do with the one that drew it. It is told
// so: where that library looks for a code, as in a photograph, it misses about one faultless code in 200.
func scan(t *testing.T, picture image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := reader.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		t.Fatalf("nobody reads this: %v", err)
	}
	return read.GetText()
}

// modules makes a picture of what is dark.
func modules(width, height int, dark func(x, y int) bool) image.Image {
	const side = 6
	picture := image.NewGray(image.Rect(0, 0, width*side, height*side))
	for y := range height * side {
		for x := range width * side {
			if !dark(x/side, y/side) {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return picture
}

// drawn is what a terminal with a dark background shows, without the half line under a code of an odd number of rows.
func drawn(text string) image.Image {
	var lines [][]rune
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); strings.ContainsAny(line, "█▀▄") {
			lines = append(lines, []rune(line))
		}
	}
	return modules(len(lines[0]), len(lines[0]), func(x, y int) bool {
		switch lines[y/2][x] {
		case '█':
			return false
		case '▀':
			return y%2 == 1
		case '▄':
			return y%2 == 0
		}
		return true
	})
}

var run = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`)

// printed is what a picture of a sheet shows.
func printed(t *testing.T, svg string) image.Image {
	t.Helper()
	box := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)
	size, err := strconv.Atoi(box[1])
	if err != nil {
		t.Fatal(err)
	}
	dark := make([]bool, size*size)
	for _, m := range run.FindAllStringSubmatch(svg, -1) {
		var n [3]int
		for i := range n {
			if n[i], err = strconv.Atoi(m[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		for x := range n[2] {
			dark[n[1]*size+n[0]+x] = true
		}
	}
	return modules(size, size, func(x, y int) bool { return dark[y*size+x] })
}

var aCode = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`)

func TestEnrolmentCodesAsPictures(t *testing.T) {
	t.Parallel()
	p, dir := newPlace(t), t.TempDir()
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	order := []string{"enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--address", "central.example.org/"}
	file := filepath.Join(dir, "code.png")
	out := p.must(t, "", append(order, "--qr", "--png", file)...)
	want := "https://central.example.org/enrol#" + aCode.FindString(out)
	if got := scan(t, drawn(out)); got != want {
		t.Errorf("the terminal says %q, want %q", got, want)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got := scan(t, picture); got != want {
		t.Errorf("the picture says %q, want %q", got, want)
	}
	sheet := filepath.Join(dir, "sheet.html")
	codes := aCode.FindAllString(p.must(t, "", append(order, "--sheet", sheet, "--count", "3", "--quiet")...), -1)
	data, err = os.ReadFile(sheet)
	if err != nil || len(codes) != 3 {
		t.Fatal(codes, err)
	}
	cards := strings.Split(string(data), "<section>")[1:]
	for i, code := range codes {
		if !strings.Contains(cards[i], code) || !strings.Contains(cards[i], "https://central.example.org<") || !strings.Contains(cards[i], "0417") {
			t.Errorf("card %d: %s", i, cards[i])
		}
		if got := scan(t, printed(t, cards[i])); got != "https://central.example.org/enrol#"+code {
			t.Errorf("card %d says %q", i, got)
		}
	}
	if strings.Contains(string(data), "src=") || strings.Contains(string(data), "@import") || strings.Contains(string(data), "url(") {
		t.Error("the sheet is not all in one file")
	}
	if info, err := os.Stat(sheet); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	before := strings.Count(p.must(t, "", "audit", "verify"), "")
	for _, bad := range [][]string{
		{"--sheet", sheet}, {"--png", file}, {"--png", filepath.Join(dir, "x.png"), "--count", "2"}, {"--qr", "--address", "ftp://x"}, {"--qr", "--address", ""},
	} {
		if got := p.run(t, "", append(order, bad...)...); got.code == 0 || aCode.MatchString(got.stdout) {
			t.Errorf("%v: %d %s", bad, got.code, got.stdout)
		}
	}
	if after := strings.Count(p.must(t, "", "audit", "verify"), ""); after != before {
		t.Error("a code was made and not shown")
	}
}
