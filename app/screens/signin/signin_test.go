package signin_test

import (
	"context"
	"crypto/rand"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/app/screens/signin"
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
	t.Helper()
	store, err := centralstore.OpenSQLite(t.Context(), centralstore.Params{Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	form := []byte("<form/>")
	st := study.Study{ID: "mall", Title: study.Text{"": "Mall"}, Sites: []study.Site{{Name: "north"}}, Interval: 1}
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
	return server.URL
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
	p.User = "INES"
	if f, err := p.Check(t.Context()); err != nil || !f.None() {
		t.Errorf("%+v %v", f, err)
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
