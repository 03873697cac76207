package question

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/internal/interview"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// keys are texts that nobody has to read.
type keys struct{}

func (keys) T(key string, _ ...any) string        { return key }
func (keys) N(key string, _ int, _ ...any) string { return key }
func (keys) Lang() string                         { return "en" }

// nowhere is a journal that keeps nothing.
type nowhere struct{ saves int }

func (*nowhere) Begin(context.Context, interview.Opening) error { return nil }
func (n *nowhere) Save(context.Context, interview.Saving) error { n.saves++; return nil }
func (n *nowhere) SaveReserving(ctx context.Context, s interview.Saving, _ []string) ([]string, error) {
	return nil, n.Save(ctx, s)
}
func (*nowhere) End(context.Context, interview.Ending) error { return nil }

// The first keystroke counts even where it is no answer yet, and costs no save of its own.
func TestTheFirstTapIsToldBeforeAnythingIsSaved(t *testing.T) {
	test.NewTempApp(t)
	for _, c := range []struct {
		kind, first, value string
		tap                func(*View, string)
	}{
		{"integer", "-", "7", func(v *View, text string) { v.answers[0].(*written).entry.SetText(text) }},
		{"text", "", "so it is", func(v *View, text string) {
			entry := v.answers[0].(*verbatim).entry
			switch {
			case text != "":
				entry.SetText(text)
			case fyne.CurrentDevice().IsMobile():
				entry.FocusGained() // there a finger does it
			default:
				entry.FocusGained() // the page may do it by itself
				v.touched()
			}
		}},
		{"range", "", "50", func(v *View, text string) {
			if s := v.answers[0].(*slider); text == "" {
				s.track.Resize(fyne.NewSize(300, 48))
				s.track.Dragged(&fyne.DragEvent{})
			} else {
				s.set(text)
			}
		}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			book := fmt.Sprintf("| survey |\n| | type | name | label | parameters | appearance | bind::parvis:role |\n| | %s | q | Q? | %s | %s | %s |\n"+
				"| settings |\n| | form_id | namespaces |\n| | f | parvis=\"https://parvis.dev/xforms\" |\n", c.kind,
				map[string]string{"range": "start=0 end=100 step=1"}[c.kind], map[string]string{"text": "multiline"}[c.kind], map[string]string{"text": "verbatim"}[c.kind])
			pkg, _, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
			if err != nil {
				t.Fatal(err)
			}
			form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
			if err != nil {
				t.Fatal(err)
			}
			open, kept, ids := time.Duration(0), &nowhere{}, 0
			s, err := interview.Start(context.Background(), interview.SessionParams{
				Study: pkg.Study, Form: form, Journal: kept, Monotonic: func() time.Duration { return open },
				NewID: func() string { ids++; return fmt.Sprint(ids) }, Seal: func([]string, map[string]string) (string, error) { return "", nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			v := NewView(ViewParams{
				Presenter: New(Params{Interview: s, Study: pkg.Study}), Words: keys{}, OnError: func(err error) { t.Error(err) }, OnMoved: func(bool) {},
			})
			open = 900 * time.Millisecond
			c.tap(v, c.first)
			if kept.saves != 0 {
				t.Errorf("the tap alone was saved")
			}
			open = 4 * time.Second
			c.tap(v, c.value)
			i, err := s.BreakOff(context.Background(), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := i.Visits[0]; got.FirstTapMS != 900 || got.DwellMS != 4000 || kept.saves == 0 || len(got.Changes) != 1 || got.Changes[0].New != c.value {
				t.Errorf("%+v after %d saves", got, kept.saves)
			}
		})
	}
}
