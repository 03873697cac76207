// Package respondent makes interviews as people give them, for measuring and for load: it conducts them over a real study with the real
// session and the real store of a device, and hands out the records that the device would send. It knows how a passer-by answers;
// it knows nothing of central or of the network.
package respondent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// Params is what interviews are made of.
type Params struct {
	// Study with its questionnaire; it must name a recipient where it asks personal questions.
	Study *importer.Package
	Count int
	Seed  uint64 // the same seed gives the same answers, under other ids
	Dir   string // an empty folder for the device's file; whoever made it takes it away
}

// Interviews are Count interviews, newest revision and nothing else. Most are complete; some respondents refuse, are screened out or
// break off.
func Interviews(ctx context.Context, p Params) (list []delivery.Record, err error) {
	form, err := xform.Parse(bytes.NewReader(p.Study.XForm), xform.ParseOptions{Resource: func(uri string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(p.Study.Media[uri[strings.LastIndexByte(uri, '/')+1:]])), nil
	}})
	if err != nil {
		return nil, fmt.Errorf("reading the questionnaire: %w", err)
	}
	clock := &tape{at: time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("", 3600))}
	field, err := device(ctx, p, clock)
	if err != nil {
		return nil, fmt.Errorf("making the device: %w", err)
	}
	defer func() { err = errors.Join(err, field.Close()) }()
	def := p.Study.Study
	site := def.Sites[0]
	shift, err := field.StartShift(ctx, fieldstore.ShiftStart{Study: def.ID, Site: site.Name, Entrance: site.Entrances[0].Name})
	if err != nil {
		return nil, fmt.Errorf("starting the shift: %w", err)
	}
	dice := rand.New(rand.NewPCG(p.Seed, 1))
	r := &respondent{dice: dice, clock: clock, params: interview.SessionParams{
		Study: def, Form: form, Shift: shift, Journal: field, Seal: seal.Values, Now: clock.now, Monotonic: clock.monotonic, Rand: dice,
		NewID: newID, DeviceID: "respondent",
	}}
	for range p.Count {
		if err := r.conduct(ctx); err != nil {
			return nil, fmt.Errorf("conducting an interview: %w", err)
		}
	}
	all, err := field.Unsent(ctx)
	for _, record := range all {
		if record.Kind == delivery.KindInterview {
			list = append(list, record)
		}
	}
	return list, err
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// device is enrolled at no central and has the study.
func device(ctx context.Context, p Params, clock *tape) (*fieldstore.Store, error) {
	field, err := fieldstore.Open(ctx, fieldstore.Params{
		// Nobody's data lie behind this PIN.
		Path: filepath.Join(p.Dir, "field.sqlite"), Now: clock.now, PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	if err != nil {
		return nil, err
	}
	def, err := json.Marshal(p.Study.Study)
	if err == nil {
		err = field.SetPIN(ctx, "482915")
	}
	if err == nil {
		err = field.SaveCredentials(ctx, delivery.Credentials{
			Central: "https://central.test", Device: "d", Epoch: uuid.NewString(), Interviewer: "0417", Token: "t",
		})
	}
	if err == nil {
		err = field.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: p.Study.Study.ID, Body: def}}, "c")
	}
	if err != nil {
		return nil, errors.Join(err, field.Close())
	}
	return field, nil
}

// tape is a clock that passes as a respondent thinks.
type tape struct {
	at     time.Time
	passed time.Duration
}

func (c *tape) now() time.Time           { return c.at.Add(c.passed) }
func (c *tape) monotonic() time.Duration { return c.passed }
func (c *tape) pass(d time.Duration)     { c.passed += d }

// Again is the record as another one: under another id and number, with the sum that belongs to it.
func Again(r delivery.Record, epoch string, seq int64) delivery.Record {
	id := newID()
	r.Body = bytes.ReplaceAll(r.Body, []byte(r.ID), []byte(id))
	r.ID, r.Epoch, r.Seq, r.SHA256 = id, epoch, seq, delivery.Sum(r.Body)
	return r
}

// Practice is a study's package made unmistakable as no real fieldwork, with a key of its own that nobody keeps: what is sealed for it
// stays sealed.
func Practice(p *importer.Package, id, title string) error {
	pair, err := seal.NewPair()
	if err != nil {
		return err
	}
	p.Study.ID, p.Study.Title, p.Study.Recipients = id, study.Text{"": title}, []string{pair.Recipient}
	return nil
}
