package question

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/picture"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// Pictures keeps pictures as answers of the running interview. What a call changes is saved when it returns.
type Pictures interface {
	// SavePicture keeps a picture that no answer names yet.
	SavePicture(ctx context.Context, a interview.Attachment, jpeg []byte) error
	// Picture reads one by its name.
	Picture(ctx context.Context, name string) ([]byte, error)
	// AnswerWithFile answers with a picture that was saved.
	AnswerWithFile(ctx context.Context, a interview.Attachment) error
	// Attachment finds what was given as an answer before.
	Attachment(name string) (interview.Attachment, bool)
}

// ErrNoPictures: there is nowhere to keep a picture.
var ErrNoPictures = errors.New("pictures cannot be kept here")

// Prepared is a picture that is fit to be an answer.
type Prepared struct {
	jpeg []byte
	file interview.Attachment
}

// Prepare makes a chosen file fit to be the answer. It takes a second for a large one, changes nothing and may run beside everything
// else.
func (p *Presenter) Prepare(it Item, data []byte) (Prepared, error) {
	edge, _ := strconv.Atoi(study.MaxPixels(it.Question)) // none, or nonsense, means the usual
	jpeg, err := picture.Fit(data, edge)
	if err != nil {
		return Prepared{}, err
	}
	sum := delivery.Sum(jpeg)
	return Prepared{jpeg: jpeg, file: interview.Attachment{
		Name: interview.AttachmentName(it.Name, sum, ".jpg"), SHA256: sum, Size: int64(len(jpeg)), Question: string(it.Ref),
	}}, nil
}

// Give answers with a prepared picture: first its bytes are saved, then the answer that names them. One that was there can come back.
func (p *Presenter) Give(ctx context.Context, it Item, made Prepared) error {
	if p.p.Pictures == nil {
		return ErrNoPictures
	}
	if err := p.p.Pictures.SavePicture(ctx, made.file, made.jpeg); err != nil {
		return err
	}
	return p.change(it, func() error { return p.p.Pictures.AnswerWithFile(ctx, made.file) })
}

// RemovePicture takes the picture back; it can come back until the page is left.
func (p *Presenter) RemovePicture(ctx context.Context, it Item) error {
	return p.change(it, func() error { return p.p.Interview.Answer(ctx, it.Ref, "") })
}

// FormerPicture makes the picture that was there before the last change the answer again.
func (p *Presenter) FormerPicture(ctx context.Context, it Item) error {
	former, ok := interview.Attachment{}, false
	if p.p.Pictures != nil {
		former, ok = p.p.Pictures.Attachment(it.Former)
	}
	if !ok {
		return fmt.Errorf("the picture %q: %w", it.Former, ErrNoPictures)
	}
	former.Question = string(it.Ref)
	return p.change(it, func() error { return p.p.Pictures.AnswerWithFile(ctx, former) })
}

// change remembers which picture an answer gave way to, where it can come back.
func (p *Presenter) change(it Item, do func() error) error {
	delete(p.violations, it.Ref)
	if err := do(); err != nil {
		return err
	}
	if p.former == nil {
		p.former = map[xform.Ref]string{}
	}
	delete(p.former, it.Ref)
	if p.p.Pictures != nil {
		if _, known := p.p.Pictures.Attachment(it.Value); known {
			p.former[it.Ref] = it.Value
		}
	}
	return nil
}

// Picture reads the picture that is the answer; nil where it is not on this device.
func (p *Presenter) Picture(ctx context.Context, it Item) []byte {
	if p.p.Pictures == nil || it.Value == "" {
		return nil
	}
	jpeg, err := p.p.Pictures.Picture(ctx, it.Value)
	if err != nil {
		return nil
	}
	return jpeg
}

// PictureProblem is the key of the words for a file that cannot be taken; "" for any other error.
func PictureProblem(err error) string {
	switch {
	case errors.Is(err, picture.ErrTooLarge):
		return "question.picture_too_large"
	case errors.Is(err, picture.ErrFormat):
		return "question.picture_format"
	case errors.Is(err, picture.ErrDamaged):
		return "question.picture_damaged"
	case errors.Is(err, ErrNoPictures):
		return "question.cannot_ask"
	}
	return ""
}
