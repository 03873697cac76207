package question

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/interview"
	"parvis/internal/picture"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// memory keeps pictures and forgets the rest.
type memory struct {
	*interview.Session
	files map[string][]byte
	fail  error
}

func (m *memory) SavePicture(_ context.Context, a interview.Attachment, jpeg []byte) error {
	if m.fail == nil {
		m.files[a.Name] = jpeg
	}
	return m.fail
}

func (m *memory) Picture(_ context.Context, name string) ([]byte, error) { return m.files[name], nil }

const pictureBook = `| survey |
| | type | name | label | parameters | bind::parvis:role |
| | image | shelf | A picture? | max-pixels=100 | |
| settings |
| | namespaces |
| | parvis="https://parvis.dev/xforms" |
`

// asking is an interview at its first page, with a place for pictures.
func asking(t *testing.T, book string) (*Presenter, *memory) {
	t.Helper()
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
	if err != nil || pkg == nil {
		t.Fatalf("%v %v", err, said)
	}
	form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := interview.Start(context.Background(), interview.SessionParams{
		Study: pkg.Study, Form: form, Journal: &nowhere{}, Now: time.Now, NewID: uuid.NewString,
		Seal: func([]string, map[string]string) (string, error) { return "", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := &memory{Session: s, files: map[string][]byte{}}
	return New(Params{Interview: s, Study: pkg.Study, Pictures: kept}), kept
}

func shaded(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(0, 0, color.Gray{Y: 255 - shade})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (p *Presenter) choose(t *testing.T, file []byte) error {
	t.Helper()
	it := p.Model().Items[0]
	made, err := p.Prepare(it, file)
	if err != nil {
		return err
	}
	return p.Give(context.Background(), it, made)
}

func TestAPictureIsGivenReplacedRemovedAndComesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, kept := asking(t, pictureBook)
	if it := p.Model().Items[0]; it.Kind != Picture || it.Former != "" {
		t.Fatalf("%+v", it)
	}
	if err := p.choose(t, shaded(t, 10)); err != nil {
		t.Fatal(err)
	}
	first := p.Model().Items[0]
	if !strings.HasPrefix(first.Value, "shelf-") || !strings.HasSuffix(first.Value, ".jpg") || len(first.Value) != len("shelf-12345678.jpg") || first.Former != "" {
		t.Errorf("the answer is %q, before it %q", first.Value, first.Former)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(p.Picture(ctx, first)))
	if err != nil || config.Width != 100 {
		t.Errorf("the question wants 100 pixels, the picture has %d, %v", config.Width, err)
	}
	if err := p.choose(t, shaded(t, 200)); err != nil {
		t.Fatal(err)
	}
	second := p.Model().Items[0]
	if second.Value == first.Value || second.Former != first.Value {
		t.Errorf("%q was replaced by %q, before it %q", first.Value, second.Value, second.Former)
	}
	if err := p.FormerPicture(ctx, second); err != nil || p.Model().Items[0].Value != first.Value {
		t.Errorf("back came %q, %v", p.Model().Items[0].Value, err)
	}
	if err := p.RemovePicture(ctx, p.Model().Items[0]); err != nil {
		t.Fatal(err)
	}
	removed := p.Model().Items[0]
	if removed.Value != "" || removed.Former != first.Value || len(kept.files) != 2 {
		t.Errorf("removed: %q, before it %q, %d kept", removed.Value, removed.Former, len(kept.files))
	}
	if err := p.FormerPicture(ctx, removed); err != nil || p.Model().Items[0].Value != first.Value {
		t.Errorf("back came %q, %v", p.Model().Items[0].Value, err)
	}
	if _, err := p.Next(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Back(ctx); err != nil || p.Model().Items[0].Former != "" {
		t.Errorf("on another visit there is nothing to undo: %q, %v", p.Model().Items[0].Former, err)
	}
}

func TestWhatCannotBeAPictureIsSaidInWords(t *testing.T) {
	t.Parallel()
	p, kept := asking(t, pictureBook)
	for want, err := range map[string]error{
		"question.picture_format":    p.choose(t, []byte("dear diary")),
		"question.picture_damaged":   p.choose(t, shaded(t, 3)[:400]),
		"question.picture_too_large": p.choose(t, make([]byte, picture.MostBytes+1)),
	} {
		if got := PictureProblem(err); got != want {
			t.Errorf("%v is said as %q, want %q", err, got, want)
		}
	}
	kept.fail = errors.New("the disk is full")
	if err := p.choose(t, shaded(t, 10)); !errors.Is(err, kept.fail) || PictureProblem(err) != "" || p.Model().Items[0].Value != "" {
		t.Errorf("what was not kept became the answer %q, %v", p.Model().Items[0].Value, err)
	}
}

// A study from before such questions could be asked may have a personal one: it is not asked, since it could not be sealed.
func TestAPersonalPictureIsNotAsked(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, pictureBook)
	q := p.Model().Items[0].Question
	q.Attrs = map[xmltree.Name]string{{Space: study.Namespace, Local: "role"}: "personal"}
	if kind := kindOf(q); kind != Unable {
		t.Errorf("it is asked by control %d", kind)
	}
}
