package carry_test

import (
	"context"
	"testing"
	"time"

	"parvis/app/screens/carry"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

type tablets []delivery.Tablet

func (t tablets) Lending(context.Context) ([]delivery.Lending, error) {
	return []delivery.Lending{{Study: "mall", Here: 3, Lent: 5}}, nil
}

func (t tablets) Study(_ context.Context, id string) (study.Study, error) {
	return study.Study{ID: id, Title: study.Text{"": "Visitors of " + id}}, nil
}

func (t tablets) Tablets(context.Context) ([]delivery.Tablet, error) { return t, nil }

// A code is shown as long as it lasts and the laptop has its address; else the likeliest address is offered.
func TestTheCodeInSight(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 14, 32, 0, 0, time.UTC)
	shown := carry.Server{On: true, Addresses: []string{"a:1", "b:1"}, Address: "b:1", Link: "link", Until: now.Add(time.Minute)}
	late, moved, fresh, nowhere := shown, shown, shown, shown
	late.Until = now
	moved.Addresses = []string{"c:1"}
	fresh.Address, fresh.Link = "", ""
	nowhere.Addresses = nil
	for name, tc := range map[string]struct {
		server        carry.Server
		address, link string
	}{
		"shown": {shown, "b:1", "link"}, "late": {late, "b:1", ""}, "moved": {moved, "c:1", ""}, "fresh": {fresh, "a:1", ""}, "nowhere": {nowhere, "", ""},
	} {
		m, err := carry.Read(context.Background(), tablets{{Name: "0417"}}, tc.server, now)
		if err != nil || m.Address != tc.address || m.Link != tc.link || len(m.Tablets) != 1 || !m.On || len(m.Lending) != 1 || m.Lending[0].Title[""] != "Visitors of mall" || m.Lending[0].Here != 3 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}
