package simulation

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing/synctest"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// draft is an interview that goes on.
type draft struct {
	interview interview.Interview
	contact   interview.Contact
}

// live lets an interviewer work with the device until the day is over.
func (d *device) live() {
	d.w.lives.Go(func() {
		for {
			d.w.sleep(between(d.dice, 4*time.Second, time.Minute))
			if d.w.over {
				return
			}
			if d.fallen != "" {
				d.rise()
			}
			if d.stop == nil {
				d.run()
				continue
			}
			d.misfortune()
			d.step()
		}
	})
}

// step is one thing an interviewer does.
func (d *device) step() {
	if d.fallen != "" || d.stop == nil {
		return
	}
	if d.store.IsLocked() {
		d.unlock()
		return
	}
	if d.anew || d.shut && happens(d.dice, 0.7) {
		d.enrol()
		return
	}
	switch n := d.dice.IntN(12); {
	case n < 4:
		d.contact()
	case n < 8:
		d.begin()
	case n < 10:
		d.end()
	case n < 11:
		d.revise()
	default:
		d.shift()
	}
	if happens(d.dice, 0.1) {
		d.agent.Kick()
	}
}

// misfortune is what may befall a device before the interviewer's next step.
func (d *device) misfortune() {
	p := d.w.plan
	if happens(d.dice, p.jump) {
		days := []time.Duration{1, 30, 400, 2000}[d.dice.IntN(4)] * 24 * time.Hour
		d.off += between(d.dice, -days, days)
		d.w.note("device %d: its clock is off by %s", d.index, d.off)
		d.w.count("clock jumped")
	}
	switch {
	case happens(d.dice, p.kill):
		d.fall()
		synctest.Wait()
	case happens(d.dice, p.backup):
		d.backUp()
	case happens(d.dice, p.restore) && len(d.backups) > 0:
		b := d.backups[d.dice.IntN(len(d.backups))]
		d.anew = happens(d.dice, 0.7)
		d.w.note("device %d is restored from a backup, anew: %t", d.index, d.anew)
		d.w.count("device restored")
		d.restore(b)
	case happens(d.dice, p.clone) && len(d.w.devices) < 4 && !d.store.IsLocked():
		d.w.note("device %d is copied", d.index)
		d.w.count("cloned")
		other := d.clone()
		other.anew = happens(d.dice, 0.7)
		other.live()
	case happens(d.dice, p.lock):
		d.store.Lock()
	case happens(d.dice, p.enrol) && !d.store.IsLocked():
		d.enrol()
	}
}

func (d *device) contact() {
	c := interview.Contact{Shift: d.memory.shift, Disposition: interview.NoTime}
	if happens(d.dice, d.w.plan.bad/2) {
		c.ID = d.steal()
	}
	saved, err := d.store.SaveContact(quiet(), c)
	d.w.must(err)
	d.memory.contacts = append(d.memory.contacts, saved)
	d.learn()
}

// steal picks the id of another device's contact, as a broken app might.
func (d *device) steal() string {
	for _, other := range d.w.devices {
		if other == d || len(other.memory.contacts) == 0 {
			continue
		}
		id := other.memory.contacts[0].ID
		for _, own := range d.memory.contacts {
			if own.ID == id {
				return ""
			}
		}
		if d.w.bad[id] != "" {
			return ""
		}
		d.w.bad[id] = stolenID
		d.w.count("stolen id")
		return id
	}
	return ""
}

func (d *device) revise() {
	if len(d.memory.contacts) == 0 {
		return
	}
	c := d.memory.contacts[d.dice.IntN(len(d.memory.contacts))]
	c.EstimatedAge = interview.AgeBands()[d.dice.IntN(len(interview.AgeBands()))]
	_, err := d.store.ReviseContact(quiet(), c)
	d.w.must(err)
	d.learn()
}

// shift pauses it, resumes it, or announces it as it stands.
func (d *device) shift() {
	var err error
	switch d.dice.IntN(3) {
	case 0:
		_, err = d.store.PauseShift(quiet(), d.memory.shift, "")
		if errors.Is(err, fieldstore.ErrPaused) {
			_, err = d.store.ResumeShift(quiet(), d.memory.shift)
		}
	case 1:
		if _, err = d.store.CountPasser(quiet(), d.memory.shift); errors.Is(err, fieldstore.ErrPaused) {
			err = nil
		}
	default:
		err = d.store.AnnounceShift(quiet())
	}
	d.w.must(err)
	d.learn()
}

func (d *device) begin() {
	now := interview.MomentOf(d.now())
	id, contact := newID(d.now(), d.dice), newID(d.now(), d.dice)
	c := interview.Contact{
		ID: contact, Study: studyID, Shift: d.memory.shift, Site: "north", Entrance: "main", Interviewer: "0417", At: now,
		Disposition: interview.InProgress, Interview: id, ContactMade: true,
	}
	i := interview.Interview{
		ID: id, Study: studyID, Form: studyID, FormVersion: "3", Shift: d.memory.shift, Contact: contact, Site: "north",
		Entrance: "main", Interviewer: "0417", Language: "English (en)", Started: now,
	}
	d.w.must(d.store.Begin(quiet(), interview.Opening{
		Draft: interview.Draft{
			ID: id, Study: studyID, Form: studyID, FormVersion: "3", FormSHA256: delivery.Sum(questionnaire()), Shift: i.Shift,
			Contact: contact, Site: i.Site, Entrance: i.Entrance, Interviewer: i.Interviewer, Started: now, Language: i.Language, Snapshot: []byte("<data/>"),
		},
		Step:    interview.Step{Number: 1, Kind: interview.StepStart, At: now},
		Contact: c,
	}))
	for n := range d.dice.IntN(3) {
		if happens(d.dice, 0.5) {
			i.Attachments = append(i.Attachments, d.picture(id, n))
		}
	}
	d.memory.drafts = append(d.memory.drafts, draft{i, c})
	d.learn()
	if happens(d.dice, 0.6) {
		d.end()
	}
}

// picture saves a file of a draft.
func (d *device) picture(id string, n int) interview.Attachment {
	data := make([]byte, 200+d.dice.IntN(4000))
	if happens(d.dice, 0.02) {
		data = make([]byte, 260<<10+d.dice.IntN(100<<10)) // more than one chunk
	}
	fill(data, d.dice)
	a := interview.Attachment{SHA256: delivery.Sum(data), Size: int64(len(data)), Question: fmt.Sprintf("/data/shelf%d", n)}
	a.Name = interview.AttachmentName(fmt.Sprintf("shelf%d", n), a.SHA256, ".jpg")
	d.w.must(d.store.SaveAttachment(quiet(), id, a, data))
	d.w.files[a.SHA256] = data
	return a
}

func fill(data []byte, dice *rand.Rand) {
	for i := 0; i+8 <= len(data); i += 8 {
		x := dice.Uint64()
		for j := range 8 {
			data[i+j] = byte(x >> (8 * j))
		}
	}
}

func (d *device) end() {
	if len(d.memory.drafts) == 0 {
		return
	}
	last := len(d.memory.drafts) - 1
	i, c := d.memory.drafts[last].interview, d.memory.drafts[last].contact
	i.Ended, i.DurationMS, i.Disposition = interview.MomentOf(d.now()), 60_000, interview.Complete
	i.Answers = "<data><why>" + strings.Repeat(newID(d.now(), d.dice)+" ", 1+d.dice.IntN(40)) + "</why></data>"
	c.Disposition = interview.Complete
	d.w.must(d.store.End(quiet(), interview.Ending{Interview: i, Contact: c, Kept: interview.Kept{Snapshot: []byte("<data/>")}}))
	d.memory.drafts = d.memory.drafts[:last]
	d.learn()
}
