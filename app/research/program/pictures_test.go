package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// publishPictures puts a version at central that asks for a picture.
func (w *world) publishPictures() {
	w.t.Helper()
	w.version++
	xml := bytes.Replace(questionnaire(w.version, "shelf"), []byte(`<input ref="/data/shelf">`), []byte(`<upload mediatype="image/*" ref="/data/shelf">`), 1)
	xml = bytes.Replace(xml, []byte(`shelf</label></input>`), []byte(`shelf</label></upload>`), 1)
	xml = bytes.Replace(xml, []byte(`<bind nodeset="/data/why"`), []byte(`<bind nodeset="/data/shelf" type="binary"/><bind nodeset="/data/why"`), 1)
	s := study.Study{
		ID: surveyID, Title: study.Text{"": "Mall"}, Interval: 1,
		Sites: []study.Site{{Name: "north", Region: "flanders", Entrances: []study.Entrance{{Name: "main"}}}},
		Form:  study.FormRef{ID: "mall", Version: fmt.Sprint(w.version), SHA256: protocol.Sum(xml), Size: int64(len(xml))},
	}
	if _, err := w.store.PutStudy(w.t.Context(), centralstore.StudyPackage{Study: s, Files: [][]byte{xml}, Actor: "test"}); err != nil {
		w.t.Fatal(err)
	}
}

// pictured is an interview whose answer is a picture of that name.
func (w *world) pictured(n int, name string, body []byte) delivery.Record {
	w.t.Helper()
	r := w.interview(n, 1, "<shelf>"+name+"</shelf>")
	w.seq--
	var i interview.Interview
	if err := json.Unmarshal(r.Body, &i); err != nil {
		w.t.Fatal(err)
	}
	i.Attachments = []interview.Attachment{{Name: name, SHA256: delivery.Sum(body), Size: int64(len(body)), Question: "/data/shelf"}}
	return w.record(delivery.KindInterview, i.ID, 1, i)
}

// bring sends a picture from the device.
func (w *world) bring(body []byte) {
	w.t.Helper()
	a := delivery.Attachment{Study: surveyID, SHA256: delivery.Sum(body), Size: int64(len(body))}
	for at := 0; at < len(body); at += protocol.AttachmentChunk {
		if _, err := w.device.PutAttachment(w.t.Context(), a, int64(at), body[at:min(at+protocol.AttachmentChunk, len(body))]); err != nil {
			w.t.Fatal(err)
		}
	}
}

func noise(seed uint64, size int) []byte {
	random, b := rand.New(rand.NewPCG(seed, 3)), make([]byte, size)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

func (w *world) media(name string) []byte {
	data, err := os.ReadFile(filepath.Join(w.out, "media", name))
	if err != nil {
		return nil
	}
	return data
}

func TestPicturesComeBesideTheFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publishPictures()
	large, small, late := noise(1, 600_000), noise(2, 1000), noise(3, 2000)
	w.deliver(w.pictured(1, "shelf-00000001.jpg", large), w.pictured(2, "shelf-00000002.jpg", small), w.pictured(3, "shelf-00000003.jpg", late),
		w.pictured(4, "shelf-00000001.jpg", late), w.pictured(5, "shelf-00000002.jpg", small), w.interview(6, 1, "<why>none</why>"))
	w.bring(large)
	w.bring(small)
	said := w.pull()
	if got := w.rows()[recordID(1)]["shelf"]; got != "shelf-00000001.jpg" {
		t.Errorf("the cell says %q", got)
	}
	for _, want := range []string{"2 pictures new in ", "2 pictures in all", "Not at central yet: 2 pictures.", "Its name was taken: " + filepath.Join("media", recordID(4), "shelf-00000001.jpg")} {
		if !strings.Contains(said, want) {
			t.Errorf("the summary lacks %q:\n%s", want, said)
		}
	}
	if !bytes.Equal(w.media("shelf-00000001.jpg"), large) || !bytes.Equal(w.media("shelf-00000002.jpg"), small) || w.media("shelf-00000003.jpg") != nil {
		t.Error("the pictures are not those that were taken")
	}
	codebook, err := os.ReadFile(filepath.Join(w.out, "codebook.csv"))
	if err != nil || !strings.Contains(string(codebook), "name of a file in the folder media") {
		t.Errorf("the codebook does not say where pictures are: %v", err)
	}
	w.bring(late)
	before := w.requests()
	if said := w.pull(); !strings.Contains(said, "2 pictures new in ") || strings.Contains(said, "Not at central") {
		t.Errorf("said %s", said)
	}
	if n := w.requests() - before; n != 3 { // records, and two pictures of one chunk each
		t.Errorf("%d requests to fetch two pictures", n)
	}
	if !bytes.Equal(w.media("shelf-00000003.jpg"), late) || !bytes.Equal(w.media(recordID(4)+"/shelf-00000001.jpg"), late) || !bytes.Equal(w.media("shelf-00000001.jpg"), large) {
		t.Error("the late pictures are not there")
	}
	before = w.requests()
	w.pull()
	if n := w.requests() - before; n != 1 {
		t.Errorf("%d requests with nothing new", n)
	}
}

// A network that breaks in the middle of a picture leaves no half of one, and the next pull brings it.
func TestAPictureThatBreaksOffIsNotThereByHalf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publishPictures()
	body := noise(4, 600_000)
	w.deliver(w.pictured(1, "shelf-00000001.jpg", body))
	w.bring(body)
	left := 1
	w.network(func(r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, protocol.PathAttachment) {
			return false
		}
		left--
		return left < 0
	})
	status, _, stderr := w.research(w.pullArgs()...)
	if status == 0 || !strings.Contains(stderr, "what was pulled is kept") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if len(w.rows()) != 1 {
		t.Error("the files are not there")
	}
	if found, _ := filepath.Glob(filepath.Join(w.out, "media", "*")); len(found) != 0 {
		t.Errorf("there is %v", found)
	}
	w.network(nil)
	w.pull()
	if !bytes.Equal(w.media("shelf-00000001.jpg"), body) {
		t.Error("the picture is not there")
	}
}
