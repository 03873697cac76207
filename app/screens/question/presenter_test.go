package question

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

func TestMembersOfARepeatAreAddedOpenedAndTakenOut(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p, _ := ask(t, `| | type | name | label |
| | begin repeat | kid | Child |
| | text | first | First name? |
| | text | age | How old? |
| | end repeat | | |
| | text | after | After? |
`, yesNo)
	members := func() (all []string) {
		for _, m := range p.Model().Members {
			all = append(all, m.First.Value)
		}
		return all
	}
	prompt := func() xform.RepeatInfo {
		t.Helper()
		m := p.Model()
		for range 2 {
			if m.Prompt == nil {
				next(t, p)
				m = p.Model()
			}
		}
		if m.Prompt == nil || len(m.Items) != 0 {
			t.Fatalf("nobody asks for another child: %+v", m)
		}
		return *m.Prompt
	}
	for i, name := range []string{"Ada", "Bo"} {
		if i > 0 { // the first is there to begin with
			must(t, p.AddRepeat(ctx, prompt()))
		}
		m := p.Model()
		if m.Prompt != nil || m.Members != nil || len(m.Items) != 1 || m.Items[0].Name != "first" || m.Items[0].Value != "" {
			t.Fatalf("the next child is not asked for: %+v", m)
		}
		must(t, p.Write(ctx, m.Items[0].Ref, " "+name+" "))
	}
	prompt()
	if diff := cmp.Diff([]string{"Ada", "Bo"}, members()); diff != "" {
		t.Fatal(diff)
	}
	must(t, p.RemoveMember(ctx, p.Model().Members[0]))
	if diff := cmp.Diff([]string{"Bo"}, members()); diff != "" {
		t.Error(diff)
	}
	must(t, p.PutBack(ctx))
	if diff := cmp.Diff([]string{"Ada", "Bo"}, members()); diff != "" {
		t.Error(diff)
	}
	if err := p.PutBack(ctx); !errors.Is(err, interview.ErrTooLate) {
		t.Errorf("put back twice: %v", err)
	}
	must(t, p.OpenMember(ctx, p.Model().Members[1]))
	if m := p.Model(); len(m.Items) != 1 || m.Items[0].Name != "first" || m.Items[0].Value != "Bo" {
		t.Errorf("opened: %+v", m.Items)
	}
}

func TestProbesAndPausesStandInTheirVerbatim(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, s := ask(t, "| | type | name | label | bind::parvis:role | appearance |\n| | begin group | g | | | field-list |\n"+
		"| | text | why | Why? | verbatim | |\n| | text | other | Other? | verbatim | |\n| | text | name | Name? | | |\n| | end group | | | | |\n", yesNo)
	probes := []study.Phrase{{Name: "else"}}
	p := New(Params{Interview: s, Study: study.Study{Probes: probes}})
	why, other := p.Model().Items[0].Ref, p.Model().Items[1].Ref
	p.Touched()
	must(t, p.Draft(ctx, why, "trop chère"))
	must(t, p.Probe(ctx, why, "else", "trop chère"))
	must(t, p.Pause(ctx, why, "trop"))
	must(t, p.Pause(ctx, other, ""))
	items := p.Model().Items
	type mark struct {
		kind, label string
		at          int
	}
	marks := func(it Item) (all []mark) {
		for _, m := range it.Marks {
			all = append(all, mark{m.Kind, m.Label, m.Position})
		}
		return all
	}
	want := [][]mark{{{interview.MarkProbe, "else", 10}, {interview.MarkPause, "", 4}}, {{interview.MarkPause, "", 0}}, nil}
	for i, it := range items {
		if diff := cmp.Diff(want[i], marks(it), cmp.AllowUnexported(mark{})); diff != "" {
			t.Errorf("%s: letters count, not bytes: %s", it.Name, diff)
		}
	}
	if items[0].Value != "trop chère" || !cmp.Equal(items[0].Probes, probes) || items[2].Probes != nil {
		t.Errorf("%+v", items)
	}
	must(t, p.Clear(ctx, why))
	if it := p.Model().Items[0]; it.Value != "" {
		t.Errorf("cleared, it still says %q", it.Value)
	}
}

func TestWhatIsWrongIsSaidInTheLanguageAskedIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, s := ask(t, `| | type | name | label::English (en) | label::French (fr) | constraint | constraint_message::English (en) | constraint_message::French (fr) |
| | integer | n | How many? | Combien ? | . < 10 | Under ten, please. | Moins de dix, svp. |
`, "| | yn | y | Yes |\n")
	p := New(Params{Interview: s, Study: study.Study{Languages: []string{"English (en)", "French (fr)"}}})
	if m := p.Model(); m.Language != "EN" || m.Other != "FR" || len(p.Languages()) != 2 {
		t.Errorf("asked in %q, a tap changes to %q", m.Language, m.Other)
	}
	must(t, p.Write(ctx, p.Model().Items[0].Ref, "12"))
	if next(t, p) {
		t.Fatal("twelve was taken")
	}
	for _, c := range []struct{ language, other, label, problem string }{
		{"EN", "FR", "How many?", "Under ten, please."}, {"FR", "EN", "Combien ?", "Moins de dix, svp."}, {"EN", "FR", "How many?", "Under ten, please."},
	} {
		if m := p.Model(); m.Language != c.language || m.Other != c.other || m.Items[0].Label != c.label || m.Items[0].Problem != c.problem {
			t.Errorf("%s, a tap changes to %s: %q, %q", m.Language, m.Other, m.Items[0].Label, m.Items[0].Problem)
		}
		must(t, p.SwitchLanguage(ctx))
	}
	if only := New(Params{Interview: s}); only.Model().Other != "" || only.SwitchLanguage(ctx) != nil || s.Language() != "French (fr)" {
		t.Errorf("with nothing to choose it changes to %q", s.Language())
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{
		"French (fr)": "FR", "Português (pt-BR)": "PT-BR", "default": "DE", "é": "É", "": "", "French (fr": "FR",
	} {
		if got := Tag(language); got != want {
			t.Errorf("%q is %q, want %q", language, got, want)
		}
	}
}

// stuck is a conversation that cannot be saved any more.
type stuck struct {
	*interview.Session
	err error
}

func (s stuck) Next(context.Context) ([]xform.Violation, error) { return nil, s.err }
func (s stuck) Back(context.Context) error                      { return s.err }
func (s stuck) Answer(context.Context, xform.Ref, string) error { return s.err }
func (s stuck) GoTo(context.Context, xform.Position) error      { return s.err }
func (s stuck) Mark(context.Context, interview.Mark) error      { return s.err }
func (s stuck) Draft(context.Context, xform.Ref, string) error  { return s.err }
func (s stuck) AddRepeat(context.Context, xform.Ref) error      { return s.err }
func (s stuck) RemoveRepeat(context.Context, xform.Ref) error   { return s.err }
func (s stuck) SetLanguage(context.Context, string) error       { return s.err }

func TestWhatCannotBeSavedIsReportedAndThePageStays(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, s := ask(t, alone, yesNo)
	disk := errors.New("disk")
	p := New(Params{Interview: stuck{s, disk}, Study: study.Study{Languages: []string{"English (en)", "French (fr)"}}})
	before := p.Model()
	it := before.Items[0]
	for name, do := range map[string]func() error{
		"next":   func() error { moved, err := p.Next(ctx); return errors.Join(err, errorIf(moved)) },
		"back":   func() error { return p.Back(ctx) },
		"choose": func() error { return p.Choose(ctx, it.Ref, "y") },
		"toggle": func() error { return p.Toggle(ctx, it, "y") },
		"write":  func() error { return p.Write(ctx, it.Ref, "y") },
		"draft":  func() error { return p.Draft(ctx, it.Ref, "y") },
		"pause":  func() error { return p.Pause(ctx, it.Ref, "y") },
		"add":    func() error { return p.AddRepeat(ctx, xform.RepeatInfo{}) },
		"remove": func() error { return p.RemoveMember(ctx, interview.Member{}) },
		"open":   func() error { return p.OpenMember(ctx, interview.Member{}) },
		"switch": func() error { return p.SwitchLanguage(ctx) },
	} {
		if err := do(); !errors.Is(err, disk) || errors.Is(err, errMoved) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, p.Model()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

var errMoved = errors.New("it says that it went on")

func errorIf(moved bool) error {
	if moved {
		return errMoved
	}
	return nil
}
