package export

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// exitStudy and exitQuestionnaire have the shape of an exit interview at a shopping centre: 46 questions in seven groups.
func exitStudy() *study.Study {
	return &study.Study{
		ID: "mall-exit", Title: study.Text{"English (en)": "Leaving the mall", "French (fr)": "En sortant"},
		Languages: []string{"English (en)", "French (fr)"},
		Sites: []study.Site{
			{Name: "north", Region: "flanders", Entrances: []study.Entrance{{Name: "main"}}},
			{Name: "south", Region: "wallonia", Entrances: []study.Entrance{{Name: "main"}}},
		},
	}
}

func both(en, fr string) study.Text { return study.Text{"English (en)": en, "French (fr)": fr} }

func options(names ...string) []Choice {
	var all []Choice
	for _, n := range names {
		all = append(all, Choice{Value: n, Label: both(strings.ToUpper(n), strings.ToUpper(n)+" (fr)")})
	}
	return all
}

func with(v Variable, roles ...study.Role) *Variable {
	v.Roles.Set = roles
	if v.Name == "" {
		v.Name = v.Ref[strings.LastIndexByte(v.Ref, '/')+1:]
	}
	if v.Label == nil {
		v.Label = both(v.Name+"?", v.Name+" (fr) ?")
	}
	return &v
}

func exitQuestionnaire() *Questionnaire {
	q := &Questionnaire{ID: "mall_exit", Version: "1", Languages: []string{"English (en)", "French (fr)"}}
	add := func(v *Variable) { q.Variables = append(q.Variables, v) }
	for _, hidden := range []string{"site", "region", "entrance", "interviewer"} {
		add(with(Variable{Ref: "/data/" + hidden, Kind: Text, Computed: true}))
	}
	add(with(Variable{Ref: "/data/intro/consent", Kind: Single, Choices: options("yes", "no")}, study.RoleConsent))
	add(with(Variable{Ref: "/data/screener/age", Kind: Single, Choices: options("18_34", "35_54", "55_plus")}, study.RoleQuota))
	add(with(Variable{Ref: "/data/screener/sex", Kind: Single, Choices: options("female", "male", "other")}, study.RoleQuota))
	add(with(Variable{Ref: "/data/screener/trade", Kind: Multiple, Choices: options("press", "research", "retail", "none")}, study.RoleScreener))
	add(with(Variable{Ref: "/data/brands/unaided", Kind: Text}, study.RoleVerbatim))
	add(with(Variable{Ref: "/data/brands/aided", Kind: Multiple, Choices: options("acme", "bolt", "crown", "delta", "ember", "flint", "none")}))
	add(with(Variable{Ref: "/data/visit/bought", Kind: Single, Choices: options("yes", "no")}))
	add(with(Variable{Ref: "/data/visit/why_not", Kind: Text, Relevant: "/data/visit/bought = 'no'"}, study.RoleVerbatim))
	for _, block := range []string{"satisfaction", "importance"} {
		for _, driver := range []string{"staff", "choice", "price", "parking", "clean", "queue"} {
			v := with(Variable{Ref: "/data/" + block + "/" + block[:3] + "_" + driver, Kind: Integer}, study.Role(block))
			v.Roles.Object = driver
			add(v)
		}
	}
	add(with(Variable{Ref: "/data/nps/recommend", Kind: Integer}, study.RoleNPS))
	add(with(Variable{Ref: "/data/nps/reason", Kind: Text}, study.RoleVerbatim))
	add(with(Variable{Ref: "/data/spend", Kind: Decimal}))
	for i := range 12 {
		add(with(Variable{Ref: fmt.Sprintf("/data/demo/d%02d", i), Kind: Single, Choices: options("a", "b", "c", "d")}))
	}
	add(with(Variable{Ref: "/data/recontact/name", Kind: Text}, study.RolePersonal))
	add(with(Variable{Ref: "/data/recontact/phone", Kind: Text}, study.RolePersonal))
	return q
}

// exitInterview is an interview of that shape with 38 visits, five observations and two verbatims.
func exitInterview(rng *rand.Rand) interview.Interview {
	asked := exitQuestionnaire().Variables
	path := func(i int) string { return asked[(i+4)%len(asked)].Ref }
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	start := int64(1_780_000_000_000) + rng.Int64N(1_000_000_000)
	at := func(ms int64) interview.Moment { return interview.Moment{UTC: start + ms, Offset: 120} }
	said := "The staff were kind & quick, but the queue at till 3 took \"ages\"; I nearly left."
	site := pick("north", "south")
	values := []struct{ group, leaves string }{
		{"", "<site>" + site + "</site><region>flanders</region><entrance>main</entrance><interviewer>AB12</interviewer>"},
		{"intro", "<consent>yes</consent>"},
		{"screener", "<age>" + pick("18_34", "35_54", "55_plus") + "</age><sex>" + pick("female", "male") + "</sex><trade>none</trade>"},
		{"brands", "<unaided>Acme, Bolt</unaided><aided>" + pick("acme bolt", "crown", "none", "delta ember flint") + "</aided>"},
		{"visit", "<bought>yes</bought>"},
		{"satisfaction", drivers("sat", rng)}, {"importance", drivers("imp", rng)},
		{"nps", fmt.Sprintf("<recommend>%d</recommend><reason>%s</reason>", rng.IntN(11), escape(said))},
		{"", fmt.Sprintf("<spend>%d.50</spend>", rng.IntN(300))},
	}
	var xml strings.Builder
	xml.WriteString(`<data id="mall_exit" version="1">`)
	for _, v := range values {
		if v.group == "" {
			xml.WriteString(v.leaves)
			continue
		}
		xml.WriteString("<" + v.group + ">" + v.leaves + "</" + v.group + ">")
	}
	xml.WriteString("<demo>")
	for i := range 12 {
		fmt.Fprintf(&xml, "<d%02d>%s</d%02d>", i, pick("a", "b", "c", "d"), i)
	}
	xml.WriteString("</demo><recontact><name/><phone/></recontact><meta><instanceID>uuid:x</instanceID></meta></data>")
	w := interview.Interview{
		ID: newID(rng), Study: "mall-exit", Form: "mall_exit", FormVersion: "1", Shift: newID(rng), Contact: newID(rng), Site: site,
		Entrance: "main", Interviewer: "AB12", Language: "English (en)", Started: at(0), Ended: at(412_345), DurationMS: 412_345,
		Disposition: interview.Complete, Cells: []string{"total", "north_f_18"}, Answers: xml.String(),
	}
	for i := range 38 {
		w.Visits = append(w.Visits, interview.Visit{
			Question: path(i), At: at(int64(i) * 9_000), DwellMS: 3000 + rng.Int64N(9000), FirstTapMS: 900 + rng.Int64N(900), Edits: rng.IntN(2),
			Changes: []interview.Change{{New: pick("yes", "3", "18_34", "acme bolt")}},
		})
	}
	w.Visits[30].Changes[0].New = said
	w.Events = []interview.Event{{Kind: interview.EventEnd, OpenMS: 410_000, UntilMS: 412_345}}
	for i := range 5 {
		two, minus := 2-rng.IntN(5), rng.IntN(5)-2
		w.Observations = append(w.Observations, interview.Observation{
			ID: newID(rng), Question: path(5 + i*6), At: at(int64(i) * 60_000), SinceMS: rng.Int64N(4000), Valence: &two, Energy: &minus,
		})
	}
	w.Marks = []interview.Mark{{Question: "/data/nps/reason", Kind: "probe", Label: "what_else", Position: 12, At: at(300_000)}}
	return w
}

func drivers(prefix string, rng *rand.Rand) string {
	var b strings.Builder
	for _, d := range []string{"staff", "choice", "price", "parking", "clean", "queue"} {
		fmt.Fprintf(&b, "<%s_%s>%d</%s_%s>", prefix, d, 1+rng.IntN(5), prefix, d)
	}
	return b.String()
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

func newID(rng *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return uuid.UUID(b).String()
}

func bodyOf(tb testing.TB, v any) []byte {
	tb.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}
