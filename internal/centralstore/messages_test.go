package centralstore

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// said are the texts of the messages among what somebody pulls, in order.
func (c *central) said(t testing.TB, who Principal) (texts []string) {
	t.Helper()
	entries, _ := c.all(t, PullQuery{Who: who, Limit: 2, Bytes: 1 << 20})
	for _, e := range entries {
		if e.Message == nil {
			continue
		}
		var m delivery.Message
		if err := json.Unmarshal(e.Message, &m); err != nil || m.ID != e.ID {
			t.Fatal(err)
		}
		texts = append(texts, m.Text)
	}
	return texts
}

func TestMessagesReachWhoTheyAreFor(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	one, two := c.device(t, "0417", "mall"), c.device(t, "0512", "mall")
	send := func(o MessageOrder) delivery.Message {
		t.Helper()
		o.Actor = "host"
		m, err := c.SendMessage(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	send(MessageOrder{Study: "mall", Text: " To all. "})
	send(MessageOrder{Study: "mall", Interviewer: "0417", Text: "To 0417."})
	send(MessageOrder{Study: "mall", Device: two.Device, Text: "To the second."})
	send(MessageOrder{Study: "fair", Text: "Another study."})
	c.pass(time.Hour)
	late := c.device(t, "0417", "mall")
	send(MessageOrder{Study: "mall", Text: "Later."})
	supervisor := Principal{User: "ines", Grants: []Grant{{Role: Supervisor, Study: "mall", Site: "north"}}}
	viewer := Principal{User: "vic", Grants: []Grant{{Role: Viewer, Study: "mall"}}}
	for name, tc := range map[string]struct {
		who  Principal
		want []string
	}{
		"0417":                  {one.Principal, []string{"To all.", "To 0417.", "Later."}},
		"0512":                  {two.Principal, []string{"To all.", "To the second.", "Later."}},
		"0417 with a new phone": {late.Principal, []string{"To 0417.", "Later."}},
		"supervisor":            {supervisor, []string{"To all.", "To 0417.", "To the second.", "Later."}},
		"viewer":                {viewer, nil},
	} {
		if diff := cmp.Diff(tc.want, c.said(t, tc.who)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhoMayWrite(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	person := func(g Grant) Principal { return Principal{User: "p", Grants: []Grant{g}} }
	whole, north := person(Grant{Role: Supervisor, Study: "mall"}), person(Grant{Role: Supervisor, Study: "mall", Site: "north"})
	for name, tc := range map[string]struct {
		order MessageOrder
		want  ErrorCode
	}{
		"supervisor to all":      {MessageOrder{Study: "mall", Text: "x", Who: whole}, ""},
		"of a site to all":       {MessageOrder{Study: "mall", Text: "x", Who: north}, Forbidden},
		"of a site to one":       {MessageOrder{Study: "mall", Interviewer: "0417", Text: "x", Who: north}, ""},
		"another study":          {MessageOrder{Study: "fair", Text: "x", Who: whole}, Forbidden},
		"viewer":                 {MessageOrder{Study: "mall", Text: "x", Who: person(Grant{Role: Viewer})}, Forbidden},
		"device":                 {MessageOrder{Study: "mall", Text: "x", Who: d.Principal}, Forbidden},
		"empty":                  {MessageOrder{Study: "mall", Text: " \n", Who: whole}, Invalid},
		"too long":               {MessageOrder{Study: "mall", Text: strings.Repeat("é", delivery.MostMessage+1), Who: whole}, Invalid},
		"as long as may be":      {MessageOrder{Study: "mall", Text: strings.Repeat("é", delivery.MostMessage), Who: whole}, ""},
		"to both":                {MessageOrder{Study: "mall", Interviewer: "0417", Device: d.Device, Text: "x", Who: whole}, Invalid},
		"to no such device":      {MessageOrder{Study: "mall", Device: "d9", Text: "x", Who: whole}, NotFound},
		"no such study, by host": {MessageOrder{Study: "moon", Text: "x", Actor: "host"}, NotFound},
	} {
		if _, err := c.SendMessage(ctx, tc.order); CodeOf(err) != tc.want || (err == nil) != (tc.want == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoReadAMessageComesBack(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	m, err := c.SendMessage(ctx, MessageOrder{Study: "mall", Text: "Please move to the south door.", Actor: "host"})
	if err != nil {
		t.Fatal(err)
	}
	mark := func(message string) delivery.Record {
		r := d.record(t, delivery.KindRead, "mall", "north")
		return d.with(t, r, interview.MessageRead{ID: r.ID, Study: "mall", Message: message, Interviewer: "0417", Site: "north"})
	}
	done := c.push(t, d, mark(m.ID), mark(uuid.NewString()), mark("not an id"))
	if got := statuses(done); !slices.Equal(got, []delivery.Status{delivery.Received, delivery.Received, delivery.Quarantined}) {
		t.Fatalf("%v", got)
	}
	list, err := c.Messages(ctx, "mall", 10)
	if err != nil || len(list) != 1 || !slices.Equal(list[0].ReadBy, []string{"0417"}) || list[0].Text != m.Text || list[0].From != "host" {
		t.Errorf("%+v %v", list, err)
	}
}

// Whatever is said, set and delivered in whatever order, a device that pulls now and then in small pages misses nothing and gets
// nothing twice.
func TestPullingNowAndThenMissesNoMessage(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			ctx, c, rng := context.Background(), newCentral(t), rand.New(rand.NewPCG(seed, 3))
			c.study(t, "mall")
			d := c.device(t, "0417", "mall")
			var want, got []string
			cursor := ""
			pull := func() {
				for more := true; more; {
					page, err := c.Pull(ctx, PullQuery{Who: d.Principal, Cursor: cursor, Limit: 1 + rng.IntN(3), Bytes: 1 << 20})
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range page.Entries {
						if e.Message != nil {
							got = append(got, e.ID)
						}
					}
					cursor, more = page.Cursor, page.More
				}
			}
			for range 60 {
				switch rng.IntN(4) {
				case 0, 1:
					o := MessageOrder{Study: "mall", Text: "x", Actor: "host", Interviewer: []string{"", "0417", "0512"}[rng.IntN(3)]}
					m, err := c.SendMessage(ctx, o)
					if err != nil {
						t.Fatal(err)
					}
					if o.Interviewer != "0512" {
						want = append(want, m.ID)
					}
				case 2:
					c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
				case 3:
					pull()
				}
			}
			pull()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheCardReachesItsInterviewerAlone(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	photo := append([]byte("\xff\xd8\xff"), make([]byte, 100)...)
	if err := c.SetCard(ctx, CardOrder{Card: delivery.Card{Interviewer: "0417", Name: "Inès Dubois", Photo: photo}, Studies: []string{"mall"}, Actor: "host"}); err != nil {
		t.Fatal(err)
	}
	card := func(who Principal) (cards []delivery.Card) {
		t.Helper()
		entries, _ := c.all(t, PullQuery{Who: who, Limit: 100, Bytes: 1 << 20})
		for _, e := range entries {
			if e.Card != nil {
				var one delivery.Card
				if err := json.Unmarshal(e.Card, &one); err != nil {
					t.Fatal(err)
				}
				cards = append(cards, one)
			}
		}
		return cards
	}
	if got := card(c.device(t, "0417", "mall").Principal); len(got) != 1 || got[0].Name != "Inès Dubois" || len(got[0].Photo) != len(photo) {
		t.Errorf("%+v", got)
	}
	if got := card(c.device(t, "0417", "fair").Principal); len(got) != 1 {
		t.Errorf("the card did not come along into another study: %d", len(got))
	}
	if got := card(c.device(t, "0512", "mall").Principal); got != nil {
		t.Errorf("somebody else's card: %+v", got)
	}
	if got := card(Principal{User: "a", Grants: []Grant{{Role: Administrator}}}); got != nil {
		t.Errorf("a person pulled %d cards", len(got))
	}
	for name, bad := range map[string]delivery.Card{
		"no name": {Interviewer: "0417"}, "no code": {Name: "x"}, "no picture": {Interviewer: "0417", Name: "x", Photo: []byte("GIF89a")},
		"too large": {Interviewer: "0417", Name: "x", Photo: append([]byte("\xff\xd8\xff"), make([]byte, delivery.MostPhoto)...)},
	} {
		if err := c.SetCard(ctx, CardOrder{Card: bad, Actor: "host"}); CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
