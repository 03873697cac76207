package desk_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// lender is a laptop with a key, a tablet, and ten rights to pass on.
func lender(f *testing.F) *desk.Store {
	f.Helper()
	ctx, s := context.Background(), newDesk(f)
	lends(f, s, 1<<50, study.Quota{Name: "young", Target: 10, Kind: study.Hard})
	said := tillSaid(f, s)
	granted := delivery.TillHeard{Answers: []delivery.LeaseAnswer{{Study: "mall", Epoch: said.Epochs[0].Epoch, Number: 1, Leases: map[string]delivery.Lease{"young": {Granted: 10, Keep: 10}}}}}
	if _, err := s.TillHeard(ctx, said, granted); err != nil {
		f.Fatal(err)
	}
	return s
}

func tillSaid(t testing.TB, s *desk.Store) delivery.TillSaid {
	t.Helper()
	said, ok, err := s.TillSaid(context.Background())
	if err != nil || !ok {
		t.Fatalf("there is something to say: %t, %v", ok, err)
	}
	return said
}

// passedOn is what the laptop has and passed on in its present till.
func passedOn(t testing.TB, s *desk.Store) delivery.Lending {
	t.Helper()
	list, err := s.Lending(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Study == "mall" {
			return l
		}
	}
	return delivery.Lending{}
}

// Whatever central answers to a laptop: what it passed on stays, and it can say so the next time.
func FuzzTillHeard(f *testing.F) {
	s := lender(f)
	for _, seed := range []string{
		`{}`, `{"visit":"7-other"}`, `{"ended":true}`, `{"ended":true,"renew":true}`,
		`{"answers":[{"study":"mall","epoch":"EPOCH","number":2,"leases":{"young":{"granted":12,"keep":3,"moved":1}},"passed":{"e1":{"young":1}}}]}`,
		`{"answers":[{"study":"mall","epoch":"EPOCH","number":9223372036854775807,"leases":{"young":{"granted":9223372036854775807,"keep":-1,"moved":9223372036854775807}}}]}`,
		`{"answers":[{"study":"mall","epoch":"EPOCH","number":-1,"leases":{"young":{"granted":-7,"moved":-9223372036854775808},"x":{"granted":1}},"passed":{"":{"":-1}}}]}`,
		`{"answers":null,"visit":"","ended":false}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		said := tillSaid(t, s)
		var heard delivery.TillHeard
		if json.Unmarshal([]byte(strings.ReplaceAll(string(body), "EPOCH", said.Epochs[0].Epoch)), &heard) != nil {
			t.Skip()
		}
		before := passedOn(t, s)
		if _, err := s.TillHeard(context.Background(), said, heard); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		next := tillSaid(t, s)
		if now := passedOn(t, s); next.Epochs[0].Epoch == said.Epochs[0].Epoch && now.Lent != before.Lent || now.Here < 0 {
			t.Fatalf("%+v became %+v", before, now)
		}
	})
}

// Whatever a tablet asks: it never hears of more rights than the laptop was granted, and what is passed on is taken off what is here.
func FuzzLendRights(f *testing.F) {
	s := lender(f)
	for _, seed := range []string{
		`{"studies":[]}`, `{"studies":[{"study":"mall","epoch":"e1","want":{"young":2}}]}`, `{"studies":[{"study":"other","epoch":"e1","want":{"young":2}}]}`,
		`{"studies":[{"study":"mall","epoch":"e2","till":"EPOCH","had":{"young":9223372036854775807},"want":{"young":9223372036854775807,"old":1}}]}`,
		`{"studies":[{"study":"mall","epoch":"","till":"EPOCH","had":{"young":-9223372036854775808},"want":{"young":-1}}]}`,
		`{"studies":[{"study":"mall","epoch":"e1","want":{"young":1}},{"study":"mall","epoch":"e1","want":{"young":1}}]}`, `{"studies":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in struct {
			Studies []delivery.RightsAsked `json:"studies"`
		}
		epoch := tillSaid(t, s).Epochs[0].Epoch
		if json.Unmarshal([]byte(strings.ReplaceAll(string(body), "EPOCH", epoch)), &in) != nil {
			t.Skip()
		}
		before := passedOn(t, s)
		lent, err := s.LendRights(context.Background(), in.Studies, 1<<50)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		for _, one := range lent {
			for name, n := range one.Rights {
				if n < 0 || n > 10 || one.Study != "mall" || name != "young" || one.Till != epoch {
					t.Fatalf("%s: %+v", body, one)
				}
			}
		}
		if now := passedOn(t, s); now.Lent < before.Lent || now.Here != max(before.Here-(now.Lent-before.Lent), 0) {
			t.Fatalf("%s: %+v became %+v", body, before, now)
		}
	})
}
