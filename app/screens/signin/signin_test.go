package signin_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"parvis/app/screens/signin"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
)

const password = "correct horse battery"

// central is a real endpoint over a real store with a supervisor and a study.
func central(t *testing.T) string {
	address, _ := centralWithStore(t)
	return address
}

func centralWithStore(t *testing.T) (string, centralstore.Store) {
	t.Helper()
	store, err := centralstore.Open(t.Context(), centralstore.Params{Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader, Key: bytes.Repeat([]byte{7}, 32)})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	form := []byte("<form/>")
	st := study.Study{ID: "mall", Title: study.Text{"": "Mall"}, Sites: []study.Site{{Name: "north", Entrances: []study.Entrance{{Name: "main"}}}}, Interval: 1}
	st.Form = study.FormRef{ID: "mall", SHA256: delivery.Sum(form), Size: int64(len(form))}
	_, err = store.PutStudy(t.Context(), centralstore.StudyPackage{Study: st, Files: [][]byte{form}, Actor: "test"})
	must(t, err)
	must(t, store.AddUser(t.Context(), centralstore.NewUser{
		Name: "ines", Password: password, Actor: "test", Grants: []centralstore.Grant{{Role: centralstore.Supervisor, Study: "mall"}},
	}))
	e, err := endpoint.New(endpoint.Params{Store: store, Now: time.Now, NewRequestID: uuid.NewString})
	must(t, err)
	server := httptest.NewServer(e.Handler())
	t.Cleanup(server.Close)
	return server.URL, store
}

func presenter(t *testing.T, address string) (*signin.Presenter, *desk.Store) {
	t.Helper()
	store, err := desk.Open(t.Context(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	a, err := agent.New(agent.Params{Store: store, Now: time.Now})
	must(t, err)
	return &signin.Presenter{Agent: a, Store: store, Address: address, User: " Ines "}, store
}

func TestSigningInFetchesTheStudies(t *testing.T) {
	t.Parallel()
	p, store := presenter(t, central(t))
	p.Password = "wrong password"
	if _, err := p.Enter(t.Context()); signin.FaultOf(err).Password != "signin.wrong" {
		t.Fatal(err)
	}
	if p.Password != "" {
		t.Error("a password outlived its attempt")
	}
	p.Password = password
	if f, err := p.Check(t.Context()); err != nil || !f.None() {
		t.Fatal(f, err)
	}
	c, err := p.Enter(t.Context())
	if err != nil || c.User != "ines" || c.Role != "supervisor" {
		t.Fatalf("%s %s %v", c.User, c.Role, err)
	}
	if all, err := store.Studies(t.Context()); err != nil || len(all) != 1 || all[0].ID != "mall" {
		t.Errorf("%+v %v", all, err)
	}
	p.User, p.Password = "joao", password
	if f, err := p.Check(t.Context()); err != nil || f.Other != "signin.other_person" || f.Args[1] != "ines" {
		t.Errorf("somebody else may see the work of ines: %+v %v", f, err)
	}
	p.User, p.Address = "INES", p.Address+"/"
	if f, err := p.Check(t.Context()); err != nil || !f.None() {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := p.Enter(t.Context()); err != nil || p.Password != "" {
		t.Error("the owner cannot come back", err)
	}
}

// While the code is asked for the attempt goes on, and the password with it; a wrong password ends it.
func TestACodeIsAskedForAfterThePassword(t *testing.T) {
	t.Parallel()
	address, store := centralWithStore(t)
	setup, err := store.BeginOneTime(t.Context(), "ines", "Parvis", "test")
	must(t, err)
	code := func(off time.Duration) string {
		text, err := totp.GenerateCode(setup.Secret, time.Now().Add(off))
		must(t, err)
		return text
	}
	must(t, store.ConfirmOneTime(t.Context(), "ines", code(-30*time.Second), "test"))
	p, _ := presenter(t, address)
	p.Password = password
	if _, err := p.Enter(t.Context()); signin.FaultOf(err).Code != "signin.code_needed" || !p.Asked || p.Password != password {
		t.Fatal(err, p.Asked)
	}
	if f, err := p.Check(t.Context()); err != nil || f.Code != "signin.code_needed" {
		t.Errorf("%+v %v", f, err)
	}
	p.Code = "000000"
	if _, err := p.Enter(t.Context()); signin.FaultOf(err).Code != "signin.code_wrong" || p.Password != password || p.Code != "" {
		t.Error(err)
	}
	p.Code = code(30 * time.Second)
	if f, err := p.Check(t.Context()); err != nil || !f.None() {
		t.Errorf("%+v %v", f, err)
	}
	if c, err := p.Enter(t.Context()); err != nil || c.User != "ines" || p.Asked || p.Password != "" || p.Code != "" {
		t.Errorf("%+v %v", c, err)
	}
	p.Asked, p.Password, p.Code = true, "wrong password", "123456"
	if _, err := p.Enter(t.Context()); signin.FaultOf(err).Password != "signin.wrong" || p.Asked || p.Password != "" {
		t.Error(err)
	}
}

// Whoever comes with the organisation's account must be whose work the laptop holds.
func TestTheOrganisationsAccountIsTheOwners(t *testing.T) {
	t.Parallel()
	door := &doorman{}
	said := func(agent.Reason) string { return "" }
	p := &signin.Presenter{Agent: door, Store: owned{}, Address: "https://central.example.org"}
	_, err := p.EnterWithOrganisation(t.Context(), nil, said)
	if f := signin.FaultOf(err); f.Other != "signin.other_person" || f.Args[1] != "ines" || door.fetched != 0 {
		t.Errorf("%+v %v", f, err)
	}
	p.Store = forgetful{}
	if c, err := p.EnterWithOrganisation(t.Context(), nil, said); err != nil || c.User != "joao" || door.fetched != 1 {
		t.Errorf("%+v %v", c, err)
	}
	if !p.Offered(t.Context(), "central.example.org") {
		t.Error("it is not offered")
	}
	real, _ := presenter(t, central(t))
	if real.Offered(t.Context(), real.Address) || real.Offered(t.Context(), "127.0.0.1:1") || real.Offered(t.Context(), "") {
		t.Error("it is offered where it is not")
	}
}

// forgetful is a store that can neither read nor keep whose work the laptop holds.
type forgetful struct{ err error }

func (f forgetful) Setting(context.Context, string) (string, error)   { return "", f.err }
func (f forgetful) SaveSetting(context.Context, string, string) error { return f.err }

// owned is a laptop that holds somebody's work.
type owned struct{ forgetful }

func (owned) Setting(context.Context, string) (string, error) {
	return "https://central.example.org ines", nil
}

func TestTheOwnerIsKnownHoweverTheAddressIsTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, user string
		want          string
	}{
		{"https://central.example.org", "ines", ""},
		{"Central.Example.org/", " Ines ", ""},
		{"central.example.org", "joao", "signin.other_person"},
		{"other.example.org", "ines", "signin.other_person"},
	} {
		p := &signin.Presenter{Store: owned{}, Address: c.address, User: c.user, Password: password}
		if f, err := p.Check(t.Context()); err != nil || f.Other != c.want || f.Other != "" && f.Args[1] != "ines" {
			t.Errorf("%s at %s: %+v %v", c.user, c.address, f, err)
		}
	}
}

// doorman lets everybody in, and counts who fetches.
type doorman struct{ fetched int }

func (d *doorman) SignInWithCode(_ context.Context, central, user, _, _ string) (delivery.Credentials, error) {
	return delivery.Credentials{Central: central, User: user}, nil
}

func (d *doorman) SignInWithOrganisation(ctx context.Context, in agent.OrganisationSignIn) (delivery.Credentials, error) {
	c := delivery.Credentials{Central: in.Central, User: "joao"}
	return c, in.Accept(ctx, c)
}

func (d *doorman) OffersOrganisation(context.Context, string) (bool, error) { return true, nil }

func (d *doorman) Sync(context.Context) (agent.Report, error) {
	d.fetched++
	return agent.Report{}, errors.New("offline")
}

func TestNobodyComesInWhoseWorkCannotBeToldFromAnothers(t *testing.T) {
	t.Parallel()
	door, disk := &doorman{}, errors.New("disk")
	p := &signin.Presenter{Agent: door, Store: forgetful{disk}, Address: "central.example.org", User: "ines", Password: password}
	if f, err := p.Check(t.Context()); !errors.Is(err, disk) || !f.None() {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := p.Enter(t.Context()); !errors.Is(err, disk) || door.fetched != 0 || p.Password != "" {
		t.Errorf("%v, fetched %d times", err, door.fetched)
	}
	p.Store, p.Password = forgetful{}, password
	if c, err := p.Enter(t.Context()); err != nil || c.User != "ines" || door.fetched != 1 {
		t.Errorf("%+v %v: who signed in but could not fetch is signed in", c, err)
	}
}

func TestErrorsBecomeWordsBesideTheirField(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	must(t, err)
	for reason, want := range map[agent.Reason]signin.Fault{
		agent.OTPNeeded: {Code: "signin.code_needed"}, agent.BadOTP: {Code: "signin.code_wrong"},
		agent.OrganisationUnknown: {Other: "signin.organisation_unknown"}, agent.OrganisationRefused: {Other: "signin.organisation_refused"},
		agent.OrganisationFailed: {Other: "signin.organisation_failed"},
		agent.BadPassword:        {Password: "signin.wrong"}, agent.BadAddress: {Address: "enrol.address_bad"}, agent.Insecure: {Address: "enrol.address_bad"},
		agent.Offline: {Other: "enrol.offline"}, agent.NotCentral: {Other: "enrol.offline"}, agent.TooMany: {Other: "sync.error.too_many"},
		agent.AppTooOld: {Other: "sync.error.app_too_old"}, agent.UnsentHere: {Other: "sync.error.unsent_here"},
	} {
		f := signin.FaultOf(fmt.Errorf("sign in: %w", &agent.Error{Reason: reason}))
		if f.Address != want.Address || f.User != "" || f.Password != want.Password || f.Code != want.Code || f.Other != want.Other || f.None() {
			t.Errorf("%s: %+v", reason, f)
		}
		if key := f.Address + f.Password + f.Code + f.Other; !w.Has(key) {
			t.Errorf("%s: the interface has no words for %s", reason, key)
		}
	}
	if f := signin.FaultOf(nil); !f.None() {
		t.Errorf("without an error: %+v", f)
	}
	if f := signin.FaultOf(errors.New("disk")); f.Other != "sync.error.storage" {
		t.Errorf("of the store: %+v", f)
	}
}

func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, user, password string
		want                    signin.Fault
	}{
		{"", "ines", "x", signin.Fault{Address: "enrol.address_bad"}},
		{"http://central.example.org", "ines", "x", signin.Fault{Address: "enrol.address_bad"}},
		{"central.example.org", " ", "x", signin.Fault{User: "signin.missing"}},
		{"central.example.org", "ines", "", signin.Fault{Password: "signin.missing"}},
	} {
		p, _ := presenter(t, c.address)
		p.User, p.Password = c.user, c.password
		f, err := p.Check(context.Background())
		if err != nil || f.Address != c.want.Address || f.User != c.want.User || f.Password != c.want.Password {
			t.Errorf("%+v: %+v, %v", c, f, err)
		}
	}
	p, _ := presenter(t, "http://127.0.0.1:1")
	p.Password = password
	if _, err := p.Enter(t.Context()); signin.FaultOf(err).Other != "enrol.offline" {
		t.Error(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
