package importer

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// sample imports one of the studies that come with Parvis; it must leave nothing to say.
func sample(t *testing.T, name string) *Package {
	t.Helper()
	pkg, ds, err := File(filepath.Join("../../../assets/studies", name), Limits{})
	if err != nil || len(ds) > 0 {
		t.Fatalf("%s: %v %v", name, err, ds)
	}
	return pkg
}

func form(t *testing.T, pkg *Package) *xform.Form {
	t.Helper()
	f, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMallExitStudy(t *testing.T) {
	t.Parallel()
	pkg := sample(t, "mall-exit.xlsx")
	s := pkg.Study
	if s.ID != "mall-exit" || s.Interval != 5 || s.Minutes != 8 || s.PartialFrom != "/data/overall/nps" || len(s.Languages) != 3 || s.DefaultLanguage() != "English (en)" {
		t.Errorf("got %+v", s)
	}
	regions := map[string]bool{}
	for _, site := range s.Sites {
		regions[site.Region] = true
		if len(site.Entrances) < 2 {
			t.Errorf("%s has %d entrances", site.Name, len(site.Entrances))
		}
	}
	if len(s.Sites) != 3 || len(regions) != 2 {
		t.Errorf("%d sites in %d regions, want 3 in 2", len(s.Sites), len(regions))
	}
	interlocked, cells := 0, map[string]int{}
	for _, q := range s.Quotas {
		if !q.Condition.Always() {
			interlocked += q.Target
			cells[q.Cell]++
		}
	}
	total := s.Quotas[len(s.Quotas)-1]
	if len(s.Quotas) != 19 || len(cells) != 6 || !total.Condition.Always() || total.Target != 600 || interlocked != total.Target {
		t.Errorf("%d quotas in %d cells of %d in all, total %+v", len(s.Quotas), len(cells), interlocked, total)
	}
	for cell, sites := range cells {
		if sites != 3 {
			t.Errorf("the cell %s stands at %d sites", cell, sites)
		}
	}
	if got := len(pkg.Media); got != 11 || len(s.Media) != got || pkg.Media["poster-fr.png"] == nil {
		t.Errorf("media %v", pkg.MediaNames())
	}
}

func TestSamplesAreTranslatedThroughout(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mall-exit.xlsx", "fair-visitor.xlsx"} {
		pkg := sample(t, name)
		for _, q := range form(t, pkg).Questions() {
			texts := []map[string]string{q.Labels}
			if q.Hints != nil {
				texts = append(texts, q.Hints)
			}
			for _, c := range q.Choices {
				texts = append(texts, c.Labels)
			}
			for _, text := range texts {
				for _, l := range pkg.Study.Languages {
					if text[l] == "" || text[l] == "-" {
						t.Errorf("%s, %s: no text in %s: %v", name, q.Name, l, text)
					}
				}
			}
		}
	}
}

func TestMallExitRoles(t *testing.T) {
	t.Parallel()
	byRole, objects := map[study.Role]int{}, map[study.Role][]string{}
	asked := 0
	for _, q := range form(t, sample(t, "mall-exit.xlsx")).Questions() {
		if q.Control != xform.Note {
			asked++
		}
		for _, r := range study.RoleOf(q).Set {
			byRole[r]++
			objects[r] = append(objects[r], study.RoleOf(q).Object)
		}
	}
	want := map[study.Role]int{study.RoleConsent: 1, study.RoleScreener: 6, study.RoleQuota: 2, study.RolePersonal: 2, study.RoleNPS: 1,
		study.RoleSatisfaction: 6, study.RoleImportance: 6, study.RoleScore: 1, study.RoleVerbatim: 4}
	if !maps.Equal(byRole, want) {
		t.Errorf("got %v, want %v", byRole, want)
	}
	if !slices.Equal(objects[study.RoleSatisfaction], objects[study.RoleImportance]) {
		t.Errorf("satisfaction of %v, importance of %v", objects[study.RoleSatisfaction], objects[study.RoleImportance])
	}
	if asked < 32 || asked > 42 {
		t.Errorf("%d questions", asked)
	}
}

// conduct asks the pages of a questionnaire from a position in order and answers by name ("sat_*" for a prefix); it
// returns the labels read and the position where it stopped.
func conduct(t *testing.T, in *xform.Instance, from xform.Position, answers map[string]string, stop string) (map[string]string, xform.Position) {
	t.Helper()
	read := map[string]string{}
	for pos, pages := from, 0; ; pages++ {
		if pages > 200 {
			t.Fatal("the questionnaire does not end")
		}
		for _, q := range in.Page(pos).Questions {
			read[q.Name] = q.Label
			if q.Name == stop {
				return read, pos
			}
			v, ok := answers[q.Name]
			if prefix, _, cut := strings.Cut(q.Name, "_"); !ok && cut {
				v, ok = answers[prefix+"_*"]
			}
			if ok {
				if err := in.Set(q.Ref, v); err != nil {
					t.Fatalf("%s = %q: %v", q.Name, v, err)
				}
			}
			if v := in.Check(q.Ref); v != nil {
				t.Fatalf("%s: %+v", q.Name, v)
			}
		}
		next, ok := in.Next(pos)
		if !ok {
			return read, pos
		}
		pos = next
	}
}

func mallAnswers() map[string]string {
	return map[string]string{"consent": "yes", "leaving": "yes", "age": "a55", "sex": "woman", "trade": "none", "frequency": "weekly", "visits_4w": "4",
		"purpose": "buy", "duration": "d60", "top_of_mind": "Verso", "unaided": "verso orto", "aided": "tricot", "visited": "verso tricot", "longest": "tricot",
		"service": "4", "campaign": "yes", "bought": "meant_to", "why_not": "Trop de monde aux caisses", "sat_*": "4", "sat_clean": "2", "imp_*": "5", "nps": "6",
		"nps_reason": "Les caisses", "household": "2", "occupation": "retired", "draw": "no", "recontact": "yes", "contact_name": "Ada", "contact_phone": "+32 2 555 01 23"}
}

func TestMallExitInterview(t *testing.T) {
	t.Parallel()
	pkg := sample(t, "mall-exit.xlsx")
	in, err := form(t, pkg).New(xform.World{})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Set("/data/site_label", "Les Halles"); err != nil {
		t.Fatal(err)
	}
	in.SetLanguage("French (fr)")
	read, _ := conduct(t, in, in.First(), mallAnswers(), "")
	for name, want := range map[string]string{
		"service":    "Comment jugez-vous le service reçu chez Tricot",
		"nps_reason": "Vous avez donné 6 sur 10 à Les Halles.",
		"bought":     "centre Les Halles avant de partir",
	} {
		if !strings.Contains(read[name], want) {
			t.Errorf("%s reads %q, want %q in it", name, read[name], want)
		}
	}
	for _, name := range []string{"spend", "categories", "purpose_other", "thanks_screened", "thanks_refused"} {
		if _, asked := read[name]; asked {
			t.Errorf("%s was asked", name)
		}
	}
	if v := in.CheckAll(); len(v) > 0 {
		t.Errorf("violations: %+v", v)
	}
	holds := func(r study.Rule) bool {
		if r.Always() {
			return true
		}
		v, err := in.Eval(r.XPath)
		if err != nil {
			t.Errorf("%s: %v", r.Source, err)
			return false
		}
		return v.Bool()
	}
	if !holds(pkg.Study.Consent) || !holds(pkg.Study.Eligible) {
		t.Error("not eligible, or no consent")
	}
	var cells, alerts []string
	halles, _ := pkg.Study.SiteByName("les_halles")
	for _, q := range pkg.Study.Quotas {
		if q.AppliesAt(halles) && holds(q.Condition) {
			cells = append(cells, q.Name)
		}
	}
	for _, a := range pkg.Study.Alerts {
		if holds(a.Condition) {
			alerts = append(alerts, a.Name)
		}
	}
	if !slices.Equal(cells, []string{"les_halles_woman_55", "total"}) || !slices.Equal(alerts, []string{"dirty", "lost_sale"}) {
		t.Errorf("cells %v, alerts %v", cells, alerts)
	}
}

func TestMallExitSkipsAndConstraints(t *testing.T) {
	t.Parallel()
	f := form(t, sample(t, "mall-exit.xlsx"))
	for name, c := range map[string]struct {
		change map[string]string
		ends   string
	}{
		"refused":        {map[string]string{"consent": "no"}, "thanks_refused"},
		"too young":      {map[string]string{"age": "under18"}, "thanks_screened"},
		"in the trade":   {map[string]string{"trade": "health media"}, "thanks_screened"},
		"just arrived":   {map[string]string{"leaving": "no"}, "thanks_screened"},
		"knows nothing":  {map[string]string{"unaided": "none", "aided": "", "visited": "none"}, "thanks"},
		"bought":         {map[string]string{"bought": "planned", "spend": "12.50", "categories": "food"}, "thanks"},
		"first time":     {map[string]string{"frequency": "first", "recontact": "no"}, "thanks"},
		"one other shop": {map[string]string{"visited": "other"}, "thanks"},
	} {
		in, err := f.New(xform.World{})
		if err != nil {
			t.Fatal(err)
		}
		answers := mallAnswers()
		maps.Copy(answers, c.change)
		read, _ := conduct(t, in, in.First(), answers, "")
		ends := slices.DeleteFunc([]string{"thanks", "thanks_screened", "thanks_refused"}, func(n string) bool { return read[n] == "" })
		if !slices.Equal(ends, []string{c.ends}) {
			t.Errorf("%s: ends with %v, want %s", name, ends, c.ends)
		}
		if v := in.CheckAll(); len(v) > 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
	in, err := f.New(xform.World{})
	if err != nil {
		t.Fatal(err)
	}
	conduct(t, in, in.First(), mallAnswers(), "")
	for ref, bad := range map[xform.Ref]string{
		"/data/screener/trade": "none media", "/data/screener/visits_4w": "0", "/data/shops/visited": "none verso", "/data/about_you/postcode": "B-1000",
		"/data/about_you/household": "0", "/data/closing/contact_phone": "12",
	} {
		old := in.Value(ref)
		if err := in.Set(ref, bad); err != nil {
			t.Fatal(err)
		}
		for _, l := range []string{"English (en)", "French (fr)", "Dutch (nl)"} {
			in.SetLanguage(l)
			if v := in.Check(ref); v == nil || v.Message == "" {
				t.Errorf("%s = %q in %s: %+v, want a message", ref, bad, l, v)
			}
		}
		if err := in.Set(ref, old); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRotationSurvivesAResume kills the interview at the rotated list and goes on from the snapshot.
func TestRotationSurvivesAResume(t *testing.T) {
	t.Parallel()
	f := form(t, sample(t, "mall-exit.xlsx"))
	order := func(in *xform.Instance, pos xform.Position) string {
		var values []string
		for _, c := range in.Page(pos).Questions[0].Choices {
			values = append(values, c.Value)
		}
		return strings.Join(values, " ")
	}
	orders := map[string]bool{}
	for range 12 {
		in, err := f.New(xform.World{})
		if err != nil {
			t.Fatal(err)
		}
		answers := mallAnswers()
		answers["unaided"] = "none"
		_, pos := conduct(t, in, in.First(), answers, "aided")
		before := order(in, pos)
		snapshot, err := in.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		again, err := f.Restore(snapshot, xform.World{})
		if err != nil {
			t.Fatal(err)
		}
		if after := order(again, pos); after != before || len(strings.Fields(after)) != 8 {
			t.Fatalf("before %q, after %q", before, after)
		}
		orders[before] = true
	}
	if len(orders) < 3 {
		t.Errorf("twelve interviews had only %d orders", len(orders))
	}
}

func TestFairVisitorIsAnotherStudy(t *testing.T) {
	t.Parallel()
	pkg := sample(t, "fair-visitor.xlsx")
	s := pkg.Study
	if s.Interval != 12 || s.IntervalAt("grand_hall", "b") != 20 || len(s.Sites) != 2 || len(s.Languages) != 2 || len(s.Quotas) != 4 {
		t.Errorf("got %+v", s)
	}
	kinds := map[study.Kind]int{}
	for _, q := range s.Quotas {
		kinds[q.Kind]++
	}
	if kinds[study.Hard] != 2 || kinds[study.Soft] != 1 || kinds[study.Watched] != 1 {
		t.Errorf("kinds %v", kinds)
	}
	controls, repeats := map[xform.Control]int{}, 0
	for _, q := range form(t, pkg).Questions() {
		controls[q.Control]++
		if q.Repeats {
			repeats++
		}
	}
	if controls[xform.Range] != 1 || repeats != 2 {
		t.Errorf("controls %v, %d questions in a repeat", controls, repeats)
	}
}

func TestFairVisitorInterview(t *testing.T) {
	t.Parallel()
	pkg := sample(t, "fair-visitor.xlsx")
	in, err := form(t, pkg).New(xform.World{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := in.AddRepeat("/data/fair/stand")
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Set(second+"/stand_name", "Stand 12"); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{"agree": "yes", "visitor_type": "professional", "exhibitor": "no", "edition": "first", "source": "poster habit",
		"stand_name": "Verger & Fils", "stand_outcome": "order", "worth": "15", "recommend": "9", "reason": "Beaucoup de choix"}
	read, _ := conduct(t, in, in.First(), answers, "")
	if read["stand_outcome"] != "And what came of it at Verger & Fils?" || read["reason"] != "Why 9?" || read["thanks"] == "" {
		t.Errorf("read %q", read)
	}
	if v := in.CheckAll(); len(v) > 0 {
		t.Errorf("violations: %+v", v)
	}
	for _, a := range pkg.Study.Alerts {
		if v, err := in.Eval(a.Condition.XPath); err != nil || !v.Bool() {
			t.Errorf("alert %s: %v, %v", a.Name, v, err)
		}
	}
}

func TestGoodEatsIsAStudyWithoutSites(t *testing.T) {
	t.Parallel()
	const path = "../../../../shared/forms/good_eats_multilang.xlsx"
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared forms are not beside this repository")
	}
	pkg, ds, err := File(path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s := pkg.Study
	if s.ID != "good_eats_multilang" || len(s.Sites) != 1 || s.Sites[0].Name != "default" || s.Interval != 1 || len(s.Quotas) != 0 {
		t.Errorf("got %+v", s)
	}
	if !slices.Equal(s.Languages, []string{"English", "French"}) {
		t.Errorf("languages %v", s.Languages)
	}
	if w := own(ds); len(w) != 0 {
		t.Errorf("its two photographs can be taken: %v", w)
	}
}
