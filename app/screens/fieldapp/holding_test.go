package fieldapp

import (
	"encoding/json"
	"testing"
	"time"

	"parvis/app/robot"
	"parvis/app/screens/settings"
	"parvis/internal/delivery"
	"parvis/internal/study"
	"parvis/sync/agent"
)

// person reads and taps what the closet shows.
func (c *closet) person() *robot.Robot {
	return robot.New(robot.Params{Canvas: c.p.Window.Canvas(), Do: func(f func()) { f() }, Patience: 30 * time.Second})
}

func (c *closet) offers(text string) bool { return c.person().Sees(text) }

// The choice stands in the settings only where the device knows what its network costs, and what it does is in force at once.
func TestPicturesOverWiFiCanBeChosenWhereTheDeviceKnows(t *testing.T) {
	c := newCloset(t)
	c.Start()
	choice := c.p.Words.T("settings.pictures_wifi")
	costs, known := true, false
	for name, metered := range map[string]settings.Metered{"no way to ask": nil, "not known": func() (bool, bool) { return costs, known }} {
		c.p.Metered = metered
		c.openSettings()
		if c.offers(choice) || c.holdsPictures() {
			t.Errorf("%s: it is offered", name)
		}
		c.shell.Back()
	}
	known = true
	c.p.Metered = func() (bool, bool) { return costs, known }
	c.openSettings()
	if !c.offers(choice) || c.holdsPictures() {
		t.Errorf("it is not offered, or in force before it is chosen")
	}
	must(t, c.person().Tap(t.Context(), choice))
	if !c.holdsPictures() {
		t.Error("chosen, and pictures go")
	}
	if kept, err := settings.Read(t.Context(), c.store, "en"); err != nil || !kept.WiFi {
		t.Errorf("it is not kept: %+v, %v", kept, err)
	}
	if costs = false; c.holdsPictures() {
		t.Error("over Wi-Fi pictures wait")
	}
}

// What waits is said when a synchronisation ends, although everything else went well.
func TestPicturesThatWaitAreSaid(t *testing.T) {
	c := newCloset(t)
	c.Start()
	c.sent(agent.Report{Sent: 3, Held: 2}, nil)
	if !c.offers("2 pictures wait for Wi-Fi.") {
		t.Error("nobody says that pictures wait")
	}
	c.sent(agent.Report{Sent: 3, AttachmentsRefused: 1}, nil)
	if !c.offers(c.p.Words.N("sync.refused_pictures", 1)) {
		t.Error("nobody says that a picture was refused")
	}
}

// A study whose pictures wait cannot begin; the day's page says why, and what to do.
func TestAStudyThatWaitsForItsPicturesSaysSo(t *testing.T) {
	c := newCloset(t)
	def := study.Study{
		ID: "mall", Sites: []study.Site{{Name: "north", Entrances: []study.Entrance{{Name: "main"}}}}, Form: study.FormRef{ID: "mall", SHA256: delivery.Sum(nil)},
	}
	body, err := json.Marshal(def)
	must(t, err)
	must(t, c.store.ApplyPull(t.Context(), []delivery.Item{{Kind: delivery.ItemStudy, ID: def.ID, Body: body}}, "1"))
	metered := true
	c.p.Metered = func() (bool, bool) { return metered, true }
	c.choices.WiFi = true
	must(t, c.choices.Save(t.Context(), c.store))
	c.Start()
	for costs, key := range map[bool]string{true: "today.showcards_held", false: "today.questionnaire_missing"} {
		metered = costs
		c.shell.Rebuild()
		if !c.offers(c.p.Words.T(key)) {
			t.Errorf("%s is not said", key)
		}
	}
}
