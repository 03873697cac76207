package simulation

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

const (
	studyID     = "visit"
	mostDevices = 3
)

// noon is when every day begins, by a clock that is right.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("", 3600)) }

// questionnaire is not read by anybody here: sessions are not what is tested.
func questionnaire() []byte { return bytes.Repeat([]byte("<h:html/>"), 20) }

func visit() study.Study {
	form := questionnaire()
	return study.Study{
		ID: studyID, Title: study.Text{"": "Visitors"}, Languages: []string{"English (en)"}, Interval: 3, Recipients: []string{"age1x"},
		Sites:   []study.Site{{Name: "north", Region: "n", Entrances: []study.Entrance{{Name: "main"}}}},
		Consent: study.Rule{XPath: "true()"}, Eligible: study.Rule{XPath: "true()"},
		Form: study.FormRef{ID: studyID, Version: "3", SHA256: delivery.Sum(form), Size: int64(len(form))},
	}
}

// template is a central with a study and devices that are enrolled and have begun a shift, in files that every day begins from.
type template struct {
	dir      string
	truth    truth
	memories []memory
	ledger   map[delivery.Identity][]byte
}

// memoryFolder is a folder in memory where the system has one: what is tested is not the disk.
func memoryFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "parvis-simulation-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func newTemplate(t *testing.T) *template {
	t.Helper()
	made := &template{dir: memoryFolder(t)}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, made.dir, 0)
		w.start = noon().Add(-time.Hour)
		w.plan = plan{slow: 1}
		w.central = &central{w: w, dir: filepath.Join(made.dir, "central"), truth: newTruth()}
		w.central.open()
		_, err := w.central.store.PutStudy(quiet(), centralstore.StudyPackage{Study: visit(), Files: [][]byte{questionnaire()}, Actor: "test"})
		w.must(err)
		for i := range mostDevices {
			d := w.addDevice(filepath.Join(made.dir, fmt.Sprint("device", i)), memory{made: map[delivery.Identity]bool{}})
			d.open()
			d.enrol()
			_, err := d.agent.Sync(quiet())
			w.must(err)
			shift, err := d.store.StartShift(quiet(), fieldstore.ShiftStart{Study: studyID, Site: "north", Entrance: "main"})
			w.must(err)
			d.memory.shift = shift.ID
			d.learn()
			made.memories = append(made.memories, d.memory)
		}
		w.leave()
		made.truth, made.ledger = w.central.truth, w.ledger
	})
	return made
}

// world begins a day from the template.
func (m *template) world(t testing.TB, dir string, seed uint64) *world {
	w := newWorld(t, dir, seed)
	w.ledger = maps.Clone(m.ledger)
	w.plan = drawPlan(w.dice)
	w.central = &central{w: w, dir: filepath.Join(dir, "central"), truth: m.truth.clone()}
	w.must(copyDir(filepath.Join(m.dir, "central"), w.central.dir))
	w.central.open()
	for i := range 2 + w.dice.IntN(3)/2 {
		name := fmt.Sprint("device", i)
		w.must(copyDir(filepath.Join(m.dir, name), filepath.Join(dir, name)))
		w.addDevice(filepath.Join(dir, name), m.memories[i].clone()).open()
	}
	return w
}
