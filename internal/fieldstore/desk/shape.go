package desk

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"parvis/internal/fieldstore"
	"parvis/internal/quality"
	"parvis/internal/xform"
)

// shapes are what facts need of the questionnaires, by study; a questionnaire may come later than the first interviews.
type shapes struct {
	mu      sync.Mutex
	byStudy map[string]quality.Shape
}

// of is a study's shape; the zero one while its questionnaire is not here.
func (h *shapes) of(study string) quality.Shape {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.byStudy[study]
}

// read reads the questionnaires that have changed. One that cannot be read has no shape, which is no reason to refuse interviews.
func (h *shapes) read(ctx context.Context, s *fieldstore.Shelf) error {
	all, err := s.Studies(ctx)
	if err != nil {
		return err
	}
	for _, st := range all {
		if h.of(st.ID).Form == st.Form.SHA256 {
			continue
		}
		shape := quality.Shape{}
		xml, err := s.Form(ctx, st.ID)
		switch {
		case errors.Is(err, fieldstore.ErrNotFound), errors.Is(err, fieldstore.ErrIncomplete):
		case err != nil:
			return err
		default:
			if form, err := xform.Parse(bytes.NewReader(xml), xform.ParseOptions{}); err == nil {
				shape = quality.ShapeOf(st.Form.SHA256, form)
			}
		}
		h.mu.Lock()
		if h.byStudy == nil {
			h.byStudy = map[string]quality.Shape{}
		}
		h.byStudy[st.ID] = shape
		h.mu.Unlock()
	}
	return nil
}
