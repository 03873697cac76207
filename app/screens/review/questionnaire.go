package review

import (
	"bytes"
	"context"
	"errors"

	"parvis/internal/fieldstore"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// questionnaire is what is needed of a form to read answers: its questions by reference.
type questionnaire struct {
	questions map[string]*xform.QuestionDef
	language  string // the form's default
}

// questionnaires keeps the one read last: reading a form takes longer than reading an interview.
type questionnaires struct {
	sha256 string
	last   *questionnaire
}

// of is the study's questionnaire; nil while it has not been fetched.
func (k *questionnaires) of(ctx context.Context, s Store, st study.Study) (*questionnaire, error) {
	if k.last != nil && k.sha256 == st.Form.SHA256 {
		return k.last, nil
	}
	xml, err := s.Form(ctx, st.ID)
	if errors.Is(err, fieldstore.ErrNotFound) || errors.Is(err, fieldstore.ErrIncomplete) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := xform.Parse(bytes.NewReader(xml), xform.ParseOptions{})
	if err != nil {
		return nil, err
	}
	q := &questionnaire{questions: map[string]*xform.QuestionDef{}, language: f.DefaultLanguage()}
	for _, def := range f.Questions() {
		if _, twice := q.questions[string(def.Ref)]; !twice {
			q.questions[string(def.Ref)] = def
		}
	}
	k.sha256, k.last = st.Form.SHA256, q
	return q, nil
}

// Label is a question's label in a language; empty where the questionnaire is not here or has no such question.
func (p *Presenter) Label(ctx context.Context, ref, lang string) string {
	form, err := p.forms.of(ctx, p.store, p.study)
	if err != nil || form == nil {
		return ""
	}
	def := form.questions[ref]
	if def == nil {
		return ""
	}
	return study.Text(def.Labels).In(lang, form.language)
}
