package study_test

import (
	"encoding/json"
	"testing"

	"parvis/internal/study"
	"parvis/internal/xmltree"
)

func TestTextIn(t *testing.T) {
	t.Parallel()
	text := study.Text{"English (en)": "mall", "French (fr)": "centre", "Dutch (nl)": ""}
	for _, c := range []struct{ lang, fallback, want string }{
		{"French (fr)", "", "centre"},
		{"fr", "", "centre"},
		{"français (fr)", "", "centre"},
		{"Dutch (nl)", "French (fr)", "centre"},
		{"nl", "en", "mall"},
		{"Greek (el)", "", "mall"},
		{"", "fr", "centre"},
	} {
		if got := text.In(c.lang, c.fallback); got != c.want {
			t.Errorf("In(%q, %q) = %q, want %q", c.lang, c.fallback, got, c.want)
		}
	}
	if got := (study.Text{"": "plain"}).In("fr", "en"); got != "plain" {
		t.Errorf("a text without a language gives %q", got)
	}
	if got := study.Text(nil).In("fr", "en"); got != "" {
		t.Errorf("no text gives %q", got)
	}
}

func TestLanguageNames(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][2]string{
		"English (en)":       {"en", "English"},
		"Portuguese (pt-BR)": {"pt-br", "Portuguese"},
		"French":             {"french", "French"},
		"Norwegian (x) (nb)": {"nb", "Norwegian (x)"},
		"Broken (":           {"broken (", "Broken ("},
		"":                   {"", ""},
	} {
		if got := [2]string{study.LanguageCode(lang), study.LanguageName(lang)}; got != want {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
}

func places() study.Study {
	return study.Study{Interval: 5, Sites: []study.Site{
		{Name: "halles", Region: "city", Entrances: []study.Entrance{{Name: "north"}, {Name: "gallery", Interval: 8}}},
		{Name: "expo", Region: "coast", Entrances: []study.Entrance{{Name: "main"}}},
	}}
}

func TestIntervalAt(t *testing.T) {
	t.Parallel()
	s := places()
	for _, c := range []struct {
		site, entrance string
		want           int
	}{{"halles", "north", 5}, {"halles", "gallery", 8}, {"halles", "roof", 5}, {"nowhere", "gallery", 5}} {
		if got := s.IntervalAt(c.site, c.entrance); got != c.want {
			t.Errorf("at %s, %s: %d, want %d", c.site, c.entrance, got, c.want)
		}
	}
	if got := (&study.Study{}).IntervalAt("", ""); got != 1 {
		t.Errorf("without any interval: %d, want 1", got)
	}
}

func TestQuotaAppliesAt(t *testing.T) {
	t.Parallel()
	s := places()
	halles, _ := s.SiteByName("halles")
	expo, _ := s.SiteByName("expo")
	for _, c := range []struct {
		q            study.Quota
		halles, expo bool
	}{
		{study.Quota{}, true, true},
		{study.Quota{Site: "halles"}, true, false},
		{study.Quota{Region: "coast"}, false, true},
		{study.Quota{Site: "expo", Region: "coast"}, false, true},
	} {
		if got := [2]bool{c.q.AppliesAt(halles), c.q.AppliesAt(expo)}; got != [2]bool{c.halles, c.expo} {
			t.Errorf("%+v: %v", c.q, got)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	roles := study.RolesIn(map[xmltree.Name]string{
		{Space: study.Namespace, Local: "role"}:   " quota  verbatim nonsense",
		{Space: study.Namespace, Local: "object"}: "staff",
		{Space: "urn:other", Local: "role"}:       "personal",
	})
	for role, want := range map[study.Role]bool{study.RoleQuota: true, study.RoleScreener: true, study.RoleVerbatim: true, study.RolePersonal: false, study.RoleNPS: false} {
		if roles.Has(role) != want {
			t.Errorf("Has(%s) = %v", role, !want)
		}
	}
	if roles.Object != "staff" || len(roles.Set) != 2 {
		t.Errorf("got %+v", roles)
	}
	if (study.Roles{Set: []study.Role{study.RoleScreener}}).Has(study.RoleQuota) {
		t.Error("a screener question is not a quota question")
	}
}

// TestWireNames pins the JSON that devices in the field already know.
func TestWireNames(t *testing.T) {
	t.Parallel()
	x := study.Text{"en": "x"}
	s := study.Study{ID: "i", Title: x, Languages: []string{"en"}, Agency: "a", AgencyPhone: "p", Wave: "w", Minutes: 1, MinSeconds: 2, QuestionMinSeconds: 3, Incentive: x, Briefing: x, Identity: x,
		Probes: []study.Phrase{{Name: "n", Label: x}}, Cues: []study.Phrase{{Name: "n", Label: x}}, Interval: 3,
		Sites:  []study.Site{{Name: "s", Label: x, Region: "r", RegionLabel: x, Address: "d", Entrances: []study.Entrance{{Name: "e", Label: x, Interval: 4}}}},
		Quotas: []study.Quota{{Name: "q", Cell: "c", Label: x, Site: "s", Region: "r", Condition: study.Rule{Source: "o", XPath: "p"}, Target: 5, Kind: study.Soft, Tolerance: 6}},
		Alerts: []study.Alert{{Name: "l", Label: x, Condition: study.Rule{Source: "o", XPath: "p"}, To: "t"}}, Eligible: study.Rule{XPath: "e"}, Consent: study.Rule{XPath: "c"},
		PartialFrom: "/data/q", Recipients: []string{"age1"}, Form: study.FormRef{ID: "f", Version: "v", SHA256: "h", Size: 7}, Media: []study.Media{{Name: "m", SHA256: "h", Size: 8}}}
	const want = `{"id":"i","title":{"en":"x"},"languages":["en"],"agency":"a","agency_phone":"p","wave":"w","minutes":1,"min_seconds":2,"question_min_seconds":3,"incentive":{"en":"x"},"briefing":{"en":"x"},"identity":{"en":"x"},` +
		`"probes":[{"name":"n","label":{"en":"x"}}],"cues":[{"name":"n","label":{"en":"x"}}],"sampling_interval":3,` +
		`"sites":[{"name":"s","label":{"en":"x"},"region":"r","region_label":{"en":"x"},"address":"d","entrances":[{"name":"e","label":{"en":"x"},"interval":4}]}],` +
		`"quotas":[{"name":"q","cell":"c","label":{"en":"x"},"site":"s","region":"r","condition":{"source":"o","xpath":"p"},"target":5,"kind":"soft","tolerance":6}],` +
		`"alerts":[{"name":"l","label":{"en":"x"},"condition":{"source":"o","xpath":"p"},"to":"t"}],"eligible":{"xpath":"e"},"consent":{"xpath":"c"},` +
		`"partial_from":"/data/q","recipients":["age1"],"form":{"id":"f","version":"v","sha256":"h","size":7},"media":[{"name":"m","sha256":"h","size":8}]}`
	got, err := json.Marshal(s)
	if err != nil || string(got) != want {
		t.Errorf("error %v\ngot  %s\nwant %s", err, got, want)
	}
}
