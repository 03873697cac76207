package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

func TestReadMakesTheStudyOfTheSheets(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, nil, nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatalf("diagnostics: %v", ds)
	}
	sum := sha256.Sum256(pkg.XForm)
	en, fr := "English (en)", "French (fr)"
	want := study.Study{
		ID: "small-study", Title: study.Text{en: "A small study", fr: "Une petite étude"}, Languages: []string{en, fr}, Interval: 5,
		Sites: []study.Site{
			{Name: "north", Label: study.Text{en: "North hall", fr: "Halle nord"}, Region: "city", Location: "50.8467 4.353", RegionLabel: study.Text{en: "city"},
				Entrances: []study.Entrance{{Name: "a", Label: study.Text{en: "a"}}, {Name: "b", Label: study.Text{en: "b"}, Interval: 3}}},
			{Name: "south", Label: study.Text{en: "South hall", fr: "Halle sud"}, Region: "coast", RegionLabel: study.Text{en: "coast"},
				Entrances: []study.Entrance{{Name: "main", Label: study.Text{en: "South hall", fr: "Halle sud"}}}},
		},
		Quotas: []study.Quota{{Name: "adults", Cell: "adults", Label: study.Text{en: "adults"}, Site: "north", Target: 40, Kind: study.Hard,
			Condition: study.Rule{Source: "${age} = 'a18'", XPath: "/data/age  = 'a18'"}}},
		Alerts:   []study.Alert{{Name: "upset", Label: study.Text{en: "upset"}, To: "centre", Condition: study.Rule{Source: "${nps} <= 3", XPath: "/data/nps  <= 3"}}},
		Eligible: study.Rule{Source: "${eligible} = 'yes'", XPath: "/data/eligible  = 'yes'"},
		Consent:  study.Rule{Source: "${consent} = 'yes'", XPath: "/data/consent  = 'yes'"},
		Form:     study.FormRef{ID: "small", Version: "7", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(pkg.XForm))},
	}
	if diff := cmp.Diff(want, pkg.Study); diff != "" {
		t.Error(diff)
	}
	b, err := json.Marshal(pkg.Study)
	if err != nil {
		t.Fatal(err)
	}
	var back study.Study
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pkg.Study, back); diff != "" {
		t.Errorf("not the same after JSON: %s", diff)
	}
}

func TestEverySettingOfTheStudySheet(t *testing.T) {
	t.Parallel()
	const key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	pkg, ds := read(t, map[string]string{"study": `
| study |                   |                |                     |                    |
|       | name              | value          | value::English (en) | value::French (fr) |
|       | agency            | Agora          |                     |                    |
|       | agency_phone      | +32 2 555 01   |                     |                    |
|       | wave              | 2026-3         |                     |                    |
|       | minutes           | 8              |                     |                    |
|       | min_seconds       | 120            |                     |                    |
|       | question_min_seconds | 2           |                     |                    |
|       | incentive         |                | A voucher           | Un bon             |
|       | briefing          |                | Stand still         | Ne pas bouger      |
|       | identity          |                | I am from Agora     | Je suis d'Agora    |
|       | closing           |                | Thank you           | Merci              |
|       | edit_minutes      | 30             |                     |                    |
|       | back_check_share  | 15 %           |                     |                    |
|       | provisional_interviews | yes       |                     |                    |
|       | probe             | else           | Anything else?      | Autre chose ?      |
|       | probe             |                | In what way?        | De quelle façon ?  |
|       | cue               | Smile          |                     |                    |
|       | partial_from      | nps            |                     |                    |
|       | recipient         | ` + key + ` |  |  |
|       | consent           | ${consent} = 'yes' |                 |                    |
`}, nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatalf("diagnostics: %v", ds)
	}
	s := pkg.Study
	en, fr := "English (en)", "French (fr)"
	got := study.Study{Agency: s.Agency, AgencyPhone: s.AgencyPhone, Wave: s.Wave, Minutes: s.Minutes, MinSeconds: s.MinSeconds, QuestionMinSeconds: s.QuestionMinSeconds, Incentive: s.Incentive,
		Briefing: s.Briefing, Identity: s.Identity, Closing: s.Closing, EditMinutes: s.EditMinutes, BackCheckShare: s.BackCheckShare, ProvisionalInterviews: s.ProvisionalInterviews, Probes: s.Probes, Cues: s.Cues, PartialFrom: s.PartialFrom, Recipients: s.Recipients, ID: s.ID, Interval: s.Interval, Title: s.Title}
	want := study.Study{Agency: "Agora", AgencyPhone: "+32 2 555 01", Wave: "2026-3", Minutes: 8, MinSeconds: 120, QuestionMinSeconds: 2,
		Incentive: study.Text{en: "A voucher", fr: "Un bon"}, Briefing: study.Text{en: "Stand still", fr: "Ne pas bouger"}, Identity: study.Text{en: "I am from Agora", fr: "Je suis d'Agora"},
		Closing: study.Text{en: "Thank you", fr: "Merci"}, EditMinutes: 30, BackCheckShare: new(15), ProvisionalInterviews: true,
		Probes: []study.Phrase{{Name: "else", Label: study.Text{en: "Anything else?", fr: "Autre chose ?"}}, {Name: "In_what_way", Label: study.Text{en: "In what way?", fr: "De quelle façon ?"}}},
		Cues:   []study.Phrase{{Name: "Smile", Label: study.Text{en: "Smile"}}}, PartialFrom: "/data/nps", Recipients: []string{key},
		ID: "small", Interval: 1, Title: study.Text{en: "small"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFormAloneIsAStudy(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, map[string]string{"study": "", "sites": "", "quotas": "", "alerts": ""}, nil)
	if pkg == nil {
		t.Fatal(ds)
	}
	s := pkg.Study
	if s.ID != "small" || s.Interval != 1 || len(s.Sites) != 1 || s.Sites[0].Name != "default" || s.Sites[0].Entrances[0].Name != "main" {
		t.Errorf("got %+v", s)
	}
	if !s.Eligible.Always() || !s.Consent.Always() || len(s.Quotas)+len(s.Alerts) != 0 {
		t.Errorf("a form alone has rules: %+v", s)
	}
	if w := own(ds); len(w) != 1 || w[0].Rule != "study-consent" {
		t.Errorf("want one warning, that nothing says which answer gives consent; got %v", w)
	}
}

func TestUntranslatedStudyHasTextsWithoutLanguage(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, map[string]string{
		"survey": "| survey | | | |\n| | type | name | label |\n| | text | q | Why? |\n", "choices": "", "sites": "", "quotas": "", "alerts": "",
		"settings": "| settings | |\n| | form_id |\n| | f |\n",
		"study":    "| study | | |\n| | name | value |\n| | title | Plain |\n| | cue | Looks away |\n",
	}, nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatal(ds)
	}
	if s := pkg.Study; s.Title.In("French (fr)", "") != "Plain" || len(s.Languages) != 0 || s.Cues[0].Name != "Looks_away" {
		t.Errorf("got %+v", s)
	}
}

func TestFilesThatAreNoWorkbook(t *testing.T) {
	t.Parallel()
	sound, err := os.ReadFile("../../../assets/studies/mall-exit.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"empty.xlsx": nil, "text.xlsx": []byte("hello there"), "cut.xlsx": sound[:len(sound)/2], "binary.xlsx": bytes.Repeat([]byte{0, 1, 2}, 99),
	} {
		pkg, ds, err := Read(Params{Name: name, Workbook: bytes.NewReader(b), Size: int64(len(b))})
		if pkg != nil || err == nil || len(ds) != 1 || ds[0].Remedy == "" || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: package %v, error %v, diagnostics %v: want one clear problem that names the file", name, pkg != nil, err, ds)
		}
	}
	if _, _, err := File(t.TempDir(), Limits{}); err == nil {
		t.Error("a folder was imported")
	}
}
