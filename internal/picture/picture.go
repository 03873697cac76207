// Package picture makes a chosen picture fit to be an answer: upright, no larger than its question wants, and rid of what a camera
// writes beside the pixels, such as the place and the hour.
//
// It knows bytes and pixels; it must not know questions, screens, or where a picture is kept.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // besides JPEG, what phones and scanners write
	"io"

	"github.com/bep/imagemeta"
	"github.com/disintegration/imaging"
)

// Limits of what is taken in.
const (
	MostBytes     = 30 << 20
	MostMade      = 8 << 20 // of what is written; a question that wants more pixels than fit gets fewer
	MostPixels    = 50_000_000
	DefaultPixels = 1600 // of the longer edge, where the question does not say
	LeastPixels   = 64
	quality       = 85 // of JPEG, in percent: the losses cannot be seen, the file is a third of one at 95
)

// What a caller can act on.
var (
	// ErrTooLarge: more bytes or more pixels than the limits.
	ErrTooLarge = errors.New("the picture is too large")
	// ErrFormat: neither JPEG nor PNG.
	ErrFormat = errors.New("the file is neither a JPEG nor a PNG picture")
	// ErrDamaged: it begins as a picture and cannot be read to its end.
	ErrDamaged = errors.New("the picture is damaged")
)

// Extensions are the ends of the names of files that Fit may be able to read.
func Extensions() []string { return []string{".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG"} }

// Fit reads a JPEG or PNG and writes it anew as a JPEG, upright, its longer edge at most edge pixels; 0 for DefaultPixels. The size
// is read first, so that a file which promises more than the limits costs nothing.
func Fit(data []byte, edge int) ([]byte, error) {
	if len(data) > MostBytes {
		return nil, ErrTooLarge
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" && format != "png" {
		return nil, ErrFormat
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, ErrDamaged
	}
	if int64(config.Width)*int64(config.Height) > MostPixels {
		return nil, ErrTooLarge
	}
	raw, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if edge <= 0 {
		edge = DefaultPixels
	}
	edge = max(edge, LeastPixels)
	// imaging (MIT) scales row by row into bytes: between its two passes 50 megapixels take 50 MB, where golang.org/x/image/draw
	// takes 32 bytes a pixel, which no phone has. It is scaled before it is turned, so that what is turned is small.
	small := turn(imaging.Fit(raw, edge, edge, imaging.CatmullRom), orientation(data, format))
	for {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, onWhite(small), &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("write the picture: %w", err)
		}
		if out.Len() <= MostMade {
			return out.Bytes(), nil
		}
		edge = edge * 3 / 4
		small = imaging.Fit(small, edge, edge, imaging.CatmullRom)
	}
}

// onWhite puts white behind what is transparent, since a JPEG cannot be.
func onWhite(img *image.NRGBA) image.Image {
	if img.Opaque() {
		return img
	}
	return imaging.Overlay(imaging.New(img.Bounds().Dx(), img.Bounds().Dy(), color.White), img, image.Point{}, 1)
}

// turn undoes how the camera was held; the numbers are those of EXIF 2.3, 4.6.4.
func turn(img *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}

// orientation reads how the camera was held, 1 to 8; 1 for upright or not told. imagemeta (MIT, kept up by and for a site generator
// that reads strangers' pictures) is built to survive whatever stands in EXIF; what it cannot read counts as not told.
func orientation(data []byte, format string) int {
	kind := imagemeta.JPEG
	if format == "png" {
		kind = imagemeta.PNG
	}
	found := 1
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: io.ReadSeeker(bytes.NewReader(data)), ImageFormat: kind, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				found = int(n)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}
