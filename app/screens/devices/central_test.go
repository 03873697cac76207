package devices_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/app/screens/devices"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

const password = "correct horse battery"

// office is a real central over loopback with two studies, and a supervisor's laptop that is signed in there.
type office struct {
	url     string
	central centralstore.Store
	store   *desk.Store
	agent   *agent.Agent
	words   *words.Words
}

func newOffice(t *testing.T, grants ...centralstore.Grant) *office {
	t.Helper()
	o := &office{}
	var err error
	o.central, err = centralstore.Open(t.Context(), centralstore.Params{Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}})
	must(t, err)
	t.Cleanup(func() { must(t, o.central.Close()) })
	for _, id := range []string{"fair", "mall"} {
		form := []byte("<form id='" + id + "'/>")
		st := study.Study{ID: id, Title: study.Text{"": strings.ToUpper(id)}, Interval: 1, Sites: []study.Site{{Name: "north", Entrances: []study.Entrance{{Name: "main"}}}, {Name: "south", Entrances: []study.Entrance{{Name: "main"}}}}}
		st.Quotas = []study.Quota{{Name: "men", Target: 9, Kind: study.Hard}, {Name: "women", Target: 6, Kind: study.Hard}}
		st.Form = study.FormRef{ID: id, Version: "7", SHA256: delivery.Sum(form), Size: int64(len(form))}
		_, err = o.central.PutStudy(t.Context(), centralstore.StudyPackage{Study: st, Files: [][]byte{form}, Actor: "test"})
		must(t, err)
	}
	must(t, o.central.AddUser(t.Context(), centralstore.NewUser{Name: "ines", Password: password, Actor: "test", Grants: grants}))
	e, err := endpoint.New(endpoint.Params{Store: o.central, Now: time.Now, NewRequestID: uuid.NewString})
	must(t, err)
	server := httptest.NewServer(e.Handler())
	t.Cleanup(server.Close)
	o.url = server.URL
	o.store, err = desk.Open(t.Context(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	must(t, err)
	t.Cleanup(func() { must(t, o.store.Close()) })
	o.agent, err = agent.New(agent.Params{Store: o.store, Now: time.Now})
	must(t, err)
	_, err = o.agent.SignIn(t.Context(), server.URL, "ines", password)
	must(t, err)
	o.words, err = words.New(assets.Translations, "en")
	must(t, err)
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sync fetches everything and reads the page of mall.
func (o *office) sync(t *testing.T) devices.Model {
	t.Helper()
	if _, err := o.agent.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	st, err := o.store.Study(t.Context(), "mall")
	must(t, err)
	m, err := devices.Read(t.Context(), o.store, st, devices.Choice{}, time.UTC)
	must(t, err)
	return m
}

// enrolled is a device that used a code as it stands on the screen, with a client that speaks for it.
func (o *office) enrolled(t *testing.T, code string) (protocol.EnrolAnswer, *agent.Client) {
	t.Helper()
	client, err := agent.NewClient(agent.ClientParams{Central: o.url, Now: time.Now})
	must(t, err)
	d, err := client.Enrol(t.Context(), protocol.EnrolRequest{Code: code, Platform: "android/arm64", AppVersion: "0.3"})
	must(t, err)
	client.Authorise(d.Token)
	return d, client
}

func contact(t *testing.T, d protocol.EnrolAnswer, seq int64, site string) delivery.Record {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	body, err := json.Marshal(interview.Contact{ID: id, Study: "mall", Site: site, Interviewer: d.Interviewer, At: interview.MomentOf(time.Now()), Disposition: interview.NoTime})
	must(t, err)
	return delivery.Record{ID: id, Kind: delivery.KindContact, Revision: 1, Study: "mall", Epoch: d.Epoch, Seq: seq, SHA256: delivery.Sum(body), Body: body}
}

// made asks central for a code as the page does.
func (o *office) made(t *testing.T, order devices.Order) devices.Code {
	t.Helper()
	request, fault := order.Request()
	if fault.What != "" {
		t.Fatal(fault)
	}
	asked := time.Now()
	answer, err := o.agent.NewCodes(t.Context(), request)
	must(t, err)
	code, ok := devices.Made(request, answer, o.url, []string{"MALL"}, asked)
	if !ok {
		t.Fatalf("%+v", answer)
	}
	return code
}

// A code goes to a device by its link, works once, and the page learns that it was used; the device stands in the list after a sync.
func TestACodeFromOrderToDevice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, centralstore.Grant{Role: centralstore.Supervisor})
	if m := o.sync(t); len(m.Devices) != 0 || m.At.IsZero() {
		t.Fatalf("%+v", m)
	}
	order := devices.NewOrder(" 0417 ", "mall")
	order.Turn("fair")
	code := o.made(t, order)
	now := time.Now()
	if !code.Open(now) || code.Until.After(now.Add(24*time.Hour)) || !strings.Contains(code.Status(o.words, now), "23 h 59 min") {
		t.Errorf("%+v: %s", code, code.Status(o.words, now))
	}
	central, letters, ok := protocol.ReadEnrolLink(code.Link)
	if !ok || central != o.url || letters != code.Text {
		t.Fatalf("the link %s leads to %s with %s", code.Link, central, letters)
	}
	learn := func() {
		t.Helper()
		list, err := o.agent.Codes(t.Context())
		must(t, err)
		code.Learn(list, time.UTC)
	}
	if learn(); !code.Used.IsZero() {
		t.Error("it counts as used before it was")
	}
	d, _ := o.enrolled(t, letters)
	learn()
	if code.Used.IsZero() || code.Device != d.Device || code.Open(time.Now()) || !strings.HasPrefix(code.Status(o.words, time.Now()), "Used (") {
		t.Errorf("%+v: %s", code, code.Status(o.words, time.Now()))
	}
	m := o.sync(t)
	if len(m.Devices) != 1 || m.Devices[0].DeviceState.Device != d.Device {
		t.Fatalf("%+v", m.Devices)
	}
	if got := m.Devices[0]; got.Interviewer != "0417" || got.State != devices.Active || !strings.HasPrefix(got.Name(), "android/arm64 · ") || got.AppVersion != "0.3" {
		t.Errorf("%+v", got)
	}
}

// What ending a device touches is said before, in words; the device is then out, and the page shows it so.
func TestEndingADevice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, centralstore.Grant{Role: centralstore.Supervisor})
	d, client := o.enrolled(t, o.made(t, devices.NewOrder("0417", "mall")).Text)
	answer, err := client.Leases(t.Context(), []delivery.LeaseStatement{{Study: "mall", Epoch: d.Epoch, Holdings: map[string]delivery.LeaseHolding{}}})
	must(t, err)
	rights := 0
	for _, l := range answer.Answers[0].Leases {
		rights += l.Granted
	}
	_, err = client.Push(t.Context(), []delivery.Record{contact(t, d, 1, "north"), contact(t, d, 5, "north")})
	must(t, err)
	m := o.sync(t)
	if len(m.Devices) != 1 || m.Devices[0].Absent != 3 || rights == 0 {
		t.Fatalf("%+v, %d rights", m.Devices, rights)
	}
	for _, step := range []struct {
		lost  bool
		state devices.State
		says  string
	}{
		{false, devices.Revoked, fmt.Sprintf("%d places it holds, in 2 quotas, stay reserved for it.", rights)},
		{true, devices.Lost, fmt.Sprintf("%d places it holds, in 2 quotas, go back to the others.", rights)},
	} {
		e := devices.Ending{Device: m.Devices[0], Lost: step.lost, Reason: "Left in the tram"}
		if e.Ready() || e.Lines(o.words, time.Now()) != nil {
			t.Error("it can be ordered before central has said what it touches")
		}
		known, err := o.agent.DeviceEnding(t.Context(), d.Device)
		must(t, err)
		e.Known = &known
		said := strings.Join(e.Lines(o.words, time.Now()), "\n")
		for _, want := range []string{"3 records are known to be on it and not here yet.", step.says, "This cannot be undone."} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not said:\n%s", want, said)
			}
		}
		if !e.Ready() {
			t.Errorf("%+v is not ready", e)
		}
		must(t, o.agent.EndDevice(t.Context(), d.Device, e.Lost, e.Reason))
		if m = o.sync(t); m.Devices[0].State != step.state || m.Counts[step.state] != 1 {
			t.Errorf("%+v %v", m.Devices, m.Counts)
		}
	}
	log, err := o.central.Audit(t.Context(), 10)
	must(t, err)
	if !slices.ContainsFunc(log, func(l centralstore.AuditEntry) bool {
		return l.Action == "device lost" && l.Actor == "user:ines" && l.Details == "Left in the tram"
	}) {
		t.Errorf("%+v", log)
	}
}

// Whoever may not is told so plainly, with central's own words.
func TestWhatCentralRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, centralstore.Grant{Role: centralstore.Supervisor, Study: "mall", Site: "north"}, centralstore.Grant{Role: centralstore.Viewer, Study: "fair"})
	elsewhere, client := o.enrolled(t, o.made(t, devices.NewOrder("0417", "mall")).Text)
	if got, err := client.Push(t.Context(), []delivery.Record{contact(t, elsewhere, 1, "south")}); err != nil || got.Receipts[0].Status != delivery.Received {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, tc := range map[string]struct {
		do   func() error
		want string
		said bool
	}{
		"a code for a study one only sees": {func() error {
			_, err := o.agent.NewCodes(t.Context(), protocol.CodesRequest{Studies: []string{"fair"}, Interviewer: "0417"})
			return err
		}, "devices.forbidden", true},
		"a code for nobody's code": {func() error {
			_, err := o.agent.NewCodes(t.Context(), protocol.CodesRequest{Studies: []string{"mall"}, Interviewer: "-"})
			return err
		}, "devices.refused", true},
		"a device of another part": {func() error { _, err := o.agent.DeviceEnding(t.Context(), elsewhere.Device); return err }, "devices.forbidden", true},
		"ending it":                {func() error { return o.agent.EndDevice(t.Context(), elsewhere.Device, true, "x") }, "devices.forbidden", true},
		"a device there is not":    {func() error { return o.agent.EndDevice(t.Context(), "nobody", false, "x") }, "devices.refused", true},
	} {
		f := devices.FaultOf(tc.do())
		if f.What != tc.want || (f.Said != "") != tc.said || len(f.Lines(o.words)) != 2 {
			t.Errorf("%s: %+v, %q", name, f, f.Lines(o.words))
		}
	}
	credentials, err := o.store.Credentials(t.Context())
	must(t, err)
	credentials.Central = "http://127.0.0.1:1"
	must(t, o.store.SaveCredentials(t.Context(), credentials))
	if _, err := o.agent.Codes(t.Context()); devices.FaultOf(err) != (devices.Fault{What: "devices.needs_connection"}) {
		t.Error(err)
	}
}
