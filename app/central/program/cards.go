package program

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // photos come as PNG too
	"os"

	"golang.org/x/image/draw"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

type interviewer struct {
	Card interviewerCard `cmd:"" help:"Say who an interviewer is: the name and photo that the device shows to whoever asks."`
}

type interviewerCard struct {
	data
	Code  string   `arg:"" help:"The interviewer's code, such as 0417."`
	Name  string   `help:"The name to show." required:""`
	Photo string   `help:"A portrait, JPEG or PNG; it is made small." type:"existingfile" placeholder:"FILE"`
	Study []string `help:"For this study only; may be given several times. Left out: for every study that is here." placeholder:"STUDY"`
}

// Run keeps the card for the interviewer's devices to pull.
func (i *interviewerCard) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, i.data, false)
	if err != nil {
		return err
	}
	card := delivery.Card{Interviewer: i.Code, Name: i.Name}
	if i.Photo != "" {
		if card.Photo, err = portrait(i.Photo); err != nil {
			return err
		}
	}
	if err := store.SetCard(ctx, centralstore.CardOrder{Card: card, Studies: i.Study, Actor: actor()}); err != nil {
		return err
	}
	m.print("The devices of interviewer %s show this card after their next synchronisation.\n", i.Code)
	return nil
}

const (
	portraitSide = 480      // pixels of the longer side: sharp enough across a phone
	mostPixels   = 64 << 20 // of a photo that is read at all
)

// portrait reads a photo and makes it small enough to travel with every pull.
func portrait(file string) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the photo: %w", err)
	}
	shape, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%s is neither a JPEG nor a PNG", file)
	}
	if shape.Width*shape.Height > mostPixels {
		return nil, fmt.Errorf("%s has %d by %d pixels; make it smaller", file, shape.Width, shape.Height)
	}
	whole, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("reading the photo: %w", err)
	}
	bounds := whole.Bounds()
	scale := min(1, float64(portraitSide)/float64(max(bounds.Dx(), bounds.Dy())))
	small := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(bounds.Dx())*scale)), max(1, int(float64(bounds.Dy())*scale))))
	draw.CatmullRom.Scale(small, small.Bounds(), whole, bounds, draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("writing the photo: %w", err)
	}
	return out.Bytes(), nil
}
