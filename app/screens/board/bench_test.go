package board

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// BenchmarkRead opens the board from the laptop's store to the page's Model: 400 cells of age by sex at 20 sites over 20 days, with their margins. The counts it reads are as
// many as those of a million interviews, which the store's own benchmark has.
func BenchmarkRead(b *testing.B) {
	ctx := context.Background()
	s, err := desk.Open(ctx, desk.Params{Path: filepath.Join(b.TempDir(), "desk.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	st := study.Study{ID: "s", Form: study.FormRef{SHA256: "f0", Size: 1}}
	states := delivery.QuotaStates{At: noon.UnixMilli()}
	for site := range 20 {
		name := fmt.Sprintf("site%02d", site)
		st.Sites = append(st.Sites, study.Site{Name: name})
		for g := range 20 {
			q := study.Quota{Name: fmt.Sprintf("%s-g%02d", name, g), Cell: fmt.Sprintf("g%02d", g), Site: name, Target: 3000, Kind: study.Hard, Condition: study.Rule{XPath: fmt.Sprint("/data/g = ", g)},
				Picks: []study.Pick{{Question: "age", Choices: []string{fmt.Sprint("a", g/2)}}, {Question: "sex", Choices: []string{fmt.Sprint("s", g%2)}}}}
			st.Quotas = append(st.Quotas, q)
			states.Quotas = append(states.Quotas, delivery.QuotaState{Name: q.Name, Aim: delivery.Aim{Target: q.Target}, Leased: 9, Devices: 5})
		}
	}
	items := []delivery.Item{{Kind: delivery.ItemStudy, ID: st.ID, Body: packed(b, st)}}
	for n := range 8000 {
		q := st.Quotas[n%len(st.Quotas)]
		body := packed(b, interview.Interview{
			Site: q.Site, Started: interview.MomentOf(noon.AddDate(0, 0, -n/len(st.Quotas))), Interviewer: fmt.Sprint("p", n%200), Disposition: interview.Complete, Cells: []string{q.Name}, Answers: "<data/>",
		})
		r := delivery.StoredRecord{Record: delivery.Record{ID: fmt.Sprint(n), Kind: delivery.KindInterview, Revision: 1, Study: "s", SHA256: delivery.Sum(body), Body: body}}
		items = append(items, delivery.Item{Kind: delivery.ItemRecord, ID: r.ID, Body: packed(b, r)})
	}
	if err := s.ApplyPull(ctx, items, "c"); err != nil {
		b.Fatal(err)
	}
	if err := s.KeepQuotaStates(ctx, "s", states); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := Read(ctx, s, "s", noon.Add(time.Hour), Choice{})
		if err != nil || m.Done != 8000 || len(m.Lines) != 20 || len(m.Grids) != 1 || len(m.Grids[0].Margins) != 13 || m.Lines[0].Whole.Today != 20 {
			b.Fatalf("%d done, %d lines, %v", m.Done, len(m.Lines), err)
		}
	}
}

func packed(b *testing.B, v any) []byte {
	b.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	return body
}
