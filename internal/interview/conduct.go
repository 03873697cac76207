package interview

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// Answer sets the answer to a question in ODK's text form; empty clears it. Only the type is checked here; whether the answer is
// allowed is seen at Next. Errors of the questionnaire are *xform.Error.
func (s *Session) Answer(ctx context.Context, ref xform.Ref, value string) error {
	return s.change(ctx, func() (*Step, error) {
		before := s.in.Value(ref)
		if err := s.set(ref, value); err != nil {
			return nil, err
		}
		step := s.step(StepAnswer, ref)
		step.Changed = before != "" && before != s.in.Value(ref)
		if had, typing := s.log.typing[string(ref)]; typing {
			step.Changed = had
		}
		return &step, nil
	})
}

// Draft keeps the text of an answer while it is being typed.
func (s *Session) Draft(ctx context.Context, ref xform.Ref, text string) error {
	return s.change(ctx, func() (*Step, error) {
		had := s.in.Value(ref) != ""
		if err := s.set(ref, text); err != nil {
			return nil, err
		}
		before, typing := s.log.typing[string(ref)]
		if typing && s.told(ref) {
			return nil, nil
		}
		step := s.step(StepDraft, ref)
		step.Changed = had
		if typing {
			step.Changed = before
		}
		return &step, nil
	})
}

// set keeps an answer whose consequences cannot all be computed: a mistake in the questionnaire must not lose what was said.
func (s *Session) set(ref xform.Ref, value string) error {
	err := s.in.Set(ref, value)
	if xform.CodeOf(err) == xform.BadForm {
		s.p.Logger.Warn("an expression of the questionnaire failed", "form", s.p.Form.ID, "question", string(ref))
		return nil
	}
	return err
}

// Next checks the page and goes on to the next one. What is wrong with the page is returned, and then nothing has moved.
func (s *Session) Next(ctx context.Context) (wrong []xform.Violation, err error) {
	err = s.change(ctx, func() (*Step, error) {
		for _, q := range s.page.Questions {
			if v := s.check(q.Ref); v != nil {
				wrong = append(wrong, *v)
			}
		}
		if len(wrong) > 0 || s.pos.Kind == xform.KindEnd {
			return nil, errNothing
		}
		next, _ := s.in.Next(s.pos)
		if err := s.reserveAt(ctx, next); err != nil {
			return nil, err
		}
		if s.full() {
			next = xform.Position{Kind: xform.KindEnd}
		}
		return s.move(next), nil
	})
	return wrong, err
}

// Back goes to the page before; at the first page nothing happens.
func (s *Session) Back(ctx context.Context) error {
	return s.change(ctx, func() (*Step, error) {
		before, ok := s.in.Prev(s.pos)
		if s.pos.Kind == xform.KindEnd && s.full() {
			before, ok = s.before()
		}
		if !ok {
			return nil, errNothing
		}
		return s.move(before), nil
	})
}

// GoTo goes to a page without checking the present one; ErrNoPage where it does not exist now.
func (s *Session) GoTo(ctx context.Context, pos xform.Position) error {
	return s.change(ctx, func() (*Step, error) {
		if !s.exists(pos) {
			return nil, ErrNoPage
		}
		step := s.move(pos)
		step.Kind = StepJump
		return step, nil
	})
}

func (s *Session) move(to xform.Position) *Step {
	s.show(to)
	step := s.step(StepMove, "")
	return &step
}

// AddRepeat adds one more of a repeat and goes to its first page.
func (s *Session) AddRepeat(ctx context.Context, ref xform.Ref) error {
	return s.change(ctx, func() (*Step, error) {
		added, err := s.in.AddRepeat(ref)
		if err != nil {
			return nil, err
		}
		pages := s.in.Pages()
		if i := slices.IndexFunc(pages, func(p xform.Position) bool { return within(p.Ref, added) && p.Kind != xform.KindRepeatPrompt }); i >= 0 {
			s.show(pages[i])
		}
		step := s.step(StepAdd, added)
		return &step, nil
	})
}

// RemoveRepeat takes one of a repeat out with its answers. Where its page was shown, the page before it comes up; where the prompt of
// its repeat was, that stays.
func (s *Session) RemoveRepeat(ctx context.Context, ref xform.Ref) error {
	return s.change(ctx, func() (*Step, error) {
		to := s.pos
		for within(to.Ref, ref) {
			before, ok := s.in.Prev(to)
			if !ok {
				break
			}
			to = before
		}
		before, at := s.saved, s.pos
		if err := s.in.RemoveRepeat(ref); err != nil {
			return nil, err
		}
		if to.Kind == xform.KindRepeatPrompt { // it names the one that would be added, and there is one less before that
			to = s.promptOf(to)
		}
		if !s.exists(to) {
			to = s.in.First()
		}
		s.show(to)
		step := s.step(StepRemove, ref)
		s.removed = removal{ref: ref, step: step.Number, before: before, at: at}
		return &step, nil
	})
}

// promptOf is the prompt of the same repeat as it stands now.
func (s *Session) promptOf(pos xform.Position) xform.Position {
	for _, p := range s.in.Pages() {
		if p.Kind == xform.KindRepeatPrompt && p.Ref.Generic() == pos.Ref.Generic() && p.Ref.Parent() == pos.Ref.Parent() {
			return p
		}
	}
	return pos
}

func within(ref, of xform.Ref) bool {
	return ref == of || strings.HasPrefix(string(ref), string(of)+"/")
}

// SetLanguage switches the questionnaire's language, given in full or as a code; an unknown one means the default.
func (s *Session) SetLanguage(ctx context.Context, lang string) error {
	return s.change(ctx, func() (*Step, error) {
		s.speak(lang)
		if err := s.prefill(); err != nil {
			return nil, err
		}
		s.show(s.pos)
		step := s.step(StepLanguage, "")
		return &step, nil
	})
}

func (s *Session) speak(lang string) {
	languages := s.p.Form.Languages()
	i := slices.Index(languages, lang)
	if i < 0 {
		i = slices.IndexFunc(languages, func(l string) bool { return study.LanguageCode(l) == study.LanguageCode(lang) })
	}
	if i >= 0 {
		lang = languages[i]
	}
	s.in.SetLanguage(lang)
	s.draft.Language = s.in.Language()
}

// show makes a page the present one. Showing may take choices out of an answer that are no longer offered, so it comes before the
// snapshot.
func (s *Session) show(pos xform.Position) {
	s.pos = pos
	s.page = s.in.Page(pos)
}

func (s *Session) exists(pos xform.Position) bool {
	return pos.Kind == xform.KindEnd || slices.Contains(s.in.Pages(), pos)
}

// change does one thing and has the journal keep it. Where either fails, the session is put back to what the journal has.
func (s *Session) change(ctx context.Context, do func() (*Step, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	pos, lang := s.pos, s.draft.Language
	before, left := s.page.Questions, s.changes()
	step, err := do()
	if err == errNothing {
		return nil
	}
	if err == nil {
		err = s.keep(ctx, step, before, left)
	}
	if err != nil {
		s.draft.Language = lang
		if back := s.restore(pos); back != nil {
			return fmt.Errorf("%w; and the saved interview could not be read back: %w", err, back)
		}
	}
	return err
}

func (s *Session) keep(ctx context.Context, step *Step, before []xform.Question, left []Change) error {
	s.page = s.in.Page(s.pos)
	if step != nil {
		s.trace(step, before, left)
	}
	snapshot, err := s.in.Snapshot()
	if err != nil {
		return fmt.Errorf("take down the questionnaire: %w", err)
	}
	changed := snapshot
	if bytes.Equal(snapshot, s.saved) {
		changed = nil
	}
	if step == nil && changed == nil {
		return nil
	}
	if err := s.save(ctx, s.saving(step, changed)); err != nil {
		return err
	}
	s.saved = snapshot
	if step != nil {
		s.traced(*step)
		s.log.apply(*step)
	}
	return nil
}

// restore puts the questionnaire back to the saved snapshot.
func (s *Session) restore(pos xform.Position) error {
	in, err := s.p.Form.Restore(s.saved, s.world())
	if err != nil {
		return err
	}
	s.in = in
	s.in.SetLanguage(s.draft.Language)
	s.show(pos)
	return nil
}
