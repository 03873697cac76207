package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// corners is a picture whose four quarters differ: red, green, blue and white, in reading order.
func corners(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 255
			case y < h/2:
				c.G = 255
			case x < w/2:
				c.B = 255
			default:
				c.R, c.G, c.B = 255, 255, 255
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts an APP1 segment with an orientation and a camera's name behind the JPEG's start.
func exif(picture []byte, orientation uint16) []byte {
	maker := []byte("SecretCamera\x00")
	var tiff bytes.Buffer
	tiff.WriteString("II*\x00\x08\x00\x00\x00")
	le := binary.LittleEndian
	ifd := le.AppendUint16(nil, 2)
	ifd = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(ifd, 0x010f), 2), uint32(len(maker))), 8+2+24+4)
	ifd = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(ifd, 0x0112), 3), 1), uint32(orientation))
	ifd = le.AppendUint32(ifd, 0)
	tiff.Write(ifd)
	tiff.Write(maker)
	body := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append(bytes.Clone(picture[:2]), segment...), body...), picture[2:]...)
}

func read(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// where tells in which quarters red and green stand: "red green" of top-left 0, top-right 1, bottom-left 2, bottom-right 3.
func where(img image.Image) string {
	b := img.Bounds()
	red, green := -1, -1
	for i := range 4 {
		r, g, bl, _ := img.At(b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4).RGBA()
		switch {
		case r > 0xc000 && g < 0x4000 && bl < 0x4000:
			red = i
		case g > 0xc000 && r < 0x4000 && bl < 0x4000:
			green = i
		}
	}
	return fmt.Sprint(red, green)
}

func TestPicturesComeOutUprightSmallAndBare(t *testing.T) {
	t.Parallel()
	wide := jpegOf(t, corners(400, 200))
	for orientation, want := range map[uint16]string{1: "0 1", 2: "1 0", 3: "3 2", 4: "2 3", 5: "0 2", 6: "1 3", 7: "3 1", 8: "2 0", 99: "0 1"} {
		out, err := Fit(exif(wide, orientation), 100)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("SecretCamera")) {
			t.Errorf("orientation %d: what the camera wrote is still there", orientation)
		}
		img := read(t, out)
		size := image.Pt(100, 50)
		if orientation >= 5 && orientation <= 8 {
			size = image.Pt(50, 100)
		}
		if img.Bounds().Size() != size || where(img) != want {
			t.Errorf("orientation %d: %v with red and green at %s, want %v at %s", orientation, img.Bounds().Size(), where(img), size, want)
		}
	}
}

func TestSmallPicturesAreNotBlownUp(t *testing.T) {
	t.Parallel()
	out, err := Fit(jpegOf(t, corners(80, 60)), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, out).Bounds().Size(); got != image.Pt(80, 60) {
		t.Errorf("80 by 60 became %v", got)
	}
}

func TestWhatIsTransparentTurnsWhite(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	out, err := Fit(b.Bytes(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if r, g, bl, _ := read(t, out).At(50, 50).RGBA(); r < 0xf000 || g < 0xf000 || bl < 0xf000 {
		t.Errorf("transparent became %x %x %x", r, g, bl)
	}
}

// promise is a PNG that says it has so many pixels and holds none.
func promise(w, h uint32) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	data := b.Bytes()
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc(data[12:29]))
	return data
}

func crc(b []byte) uint32 {
	sum := ^uint32(0)
	for _, v := range b {
		sum ^= uint32(v)
		for range 8 {
			sum = sum>>1 ^ 0xedb88320*(sum&1)
		}
	}
	return ^sum
}

func TestWhatIsNoPictureIsRefusedInKind(t *testing.T) {
	t.Parallel()
	var moving bytes.Buffer
	if err := gif.Encode(&moving, corners(20, 20), nil); err != nil {
		t.Fatal(err)
	}
	whole := jpegOf(t, corners(400, 300))
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":         {nil, ErrFormat},
		"text":            {[]byte("dear diary"), ErrFormat},
		"another format":  {moving.Bytes(), ErrFormat},
		"half":            {whole[:len(whole)/3], ErrDamaged},
		"too many pixels": {promise(10_000, 5_001), ErrTooLarge},
		"a bomb":          {promise(60_000, 60_000), ErrTooLarge},
		"too many bytes":  {make([]byte, MostBytes+1), ErrTooLarge},
	} {
		if out, err := Fit(c.data, 0); !errors.Is(err, c.want) || out != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Whatever strangers' cameras write, Fit answers with a picture or an error.
func TestDamageNeverPanics(t *testing.T) {
	t.Parallel()
	const seed = 20261124
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	whole := exif(jpegOf(t, corners(60, 40)), 6)
	for range 2000 {
		data := bytes.Clone(whole)
		for range 1 + random.IntN(4) {
			data[random.IntN(min(len(data), 400))] = byte(random.Uint32())
		}
		if out, err := Fit(data, 50); (out == nil) == (err == nil) {
			t.Fatalf("%d bytes and %v", len(out), err)
		}
	}
}
