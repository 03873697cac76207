package export

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// kept is what one test's export left behind.
type kept struct {
	dir     string
	summary *Summary
}

func (k kept) rows(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(k.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// table gives each row as heading -> cell.
func (k kept) table(t *testing.T, name string) []map[string]string {
	t.Helper()
	rows := k.rows(t, name)
	var all []map[string]string
	for _, row := range rows[1:] {
		line := map[string]string{}
		for i, heading := range rows[0] {
			line[heading] = row[i]
		}
		all = append(all, line)
	}
	return all
}

func (k kept) raw(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(k.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exported(t *testing.T, p Params, records ...Record) kept {
	t.Helper()
	if p.Dir == "" {
		p.Dir = t.TempDir()
	}
	if p.Study == nil {
		p.Study = exitStudy()
	}
	if p.Questionnaires == nil {
		p.Questionnaires = []*Questionnaire{visitQuestionnaire()}
	}
	e, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := e.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	s, err := e.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return kept{p.Dir, s}
}

func visitQuestionnaire() *Questionnaire {
	return &Questionnaire{
		ID: "visit", Version: "3", Languages: []string{"English (en)", "French (fr)"},
		Variables: []*Variable{
			with(Variable{Ref: "/data/site", Kind: Text, Computed: true}),
			with(Variable{Ref: "/data/bought", Kind: Multiple, Choices: options("shoes", "food", "nothing"), Label: both("What did you buy?", "Qu'avez-vous acheté ?")}),
			with(Variable{Ref: "/data/why", Kind: Text, Relevant: "selected(/data/bought, 'nothing')", Label: both("Why?", "Pourquoi ?"),
				Sections: []study.Text{both("Your visit", "Votre visite")}}, study.RoleVerbatim),
			with(Variable{Ref: "/data/kid/age", Kind: Integer, Repeat: "/data/kid"}),
			with(Variable{Ref: "/data/kid/wish", Kind: Text, Repeat: "/data/kid"}, study.RoleVerbatim),
			with(Variable{Ref: "/data/phone", Kind: Text}, study.RolePersonal),
		},
		Repeats: []Repeat{{Ref: "/data/kid", Name: "kid"}},
	}
}

func at(ms int64) interview.Moment {
	return interview.Moment{UTC: 1_777_723_387_250 + ms, Offset: 120} // 2026-05-02T14:03:07.250+02:00
}

func visitInterview(id string, answers string) interview.Interview {
	return interview.Interview{
		ID: id, Study: "mall-exit", Form: "visit", FormVersion: "3", Shift: "s1", Contact: "c1", Site: "south", Entrance: "main",
		Interviewer: "AB12", Language: "French (fr)", Started: at(0), Ended: at(312_400), DurationMS: 301_250,
		Disposition: interview.Complete, Cells: []string{"total", "south_f"}, Answers: answers,
	}
}

func TestEveryCellOfAnExport(t *testing.T) {
	first := visitInterview("i1", `<data id="visit" version="3"><site>south</site><bought>food nothing</bought><why>Trop cher, &quot;vraiment&quot; !`+"\n"+
		`=rien</why><kid><age>4</age><wish>un chien</wish></kid><kid><age>7</age><wish/></kid><phone/><meta><instanceID>x</instanceID></meta></data>`)
	minus, two := -2, 2
	first.Observations = []interview.Observation{
		{ID: "o1", Question: "/data/why", At: at(60_000), SinceMS: 2100, Valence: &minus, Energy: &two},
		{ID: "o2", Question: "/data/kid[1]/age", At: at(61_000), SinceMS: 10, Cue: "laugh", Note: "with, her son", Rating: four()},
	}
	first.Marks = []interview.Mark{
		{Question: "/data/why", Kind: "probe", Label: "what_else", Position: 9}, {Question: "/data/why", Kind: "pause", Position: 12},
		{Question: "/data/kid[0]/wish", Kind: "probe", Label: "why", Position: 3},
	}
	first.Visits = []interview.Visit{
		{Question: "/data/bought", At: at(1000), DwellMS: 4000, FirstTapMS: 1500, Edits: 1}, {Question: "/data/page", At: at(5000), DwellMS: 700},
	}
	second := visitInterview("i2", `<data id="visit" version="3"><site>north</site></data>`)
	second.Site, second.Disposition, second.BreakOffAt, second.Cells, second.Ended = "elsewhere", interview.BrokeOff, "/data/why", nil, interview.Moment{}
	second.BreakOffReason, second.Void = "called_away", "mistake"
	second.Corrections = []interview.Correction{
		{At: at(9000), Kind: interview.CorrectEdit, Reason: "mistyped"}, {At: at(10_000), Kind: interview.CorrectVoid, Reason: "mistake"},
	}
	practice := visitInterview("i3", `<data/>`)
	practice.Practice = true
	got := exported(t, Params{}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, first), Provisional: true}, Record{Kind: KindInterview, ID: "i2", Body: bodyOf(t, second)},
		Record{Kind: KindInterview, ID: "i3", Body: bodyOf(t, practice)})

	same(t, got, Interviews, `id,study,form,form_version,site,region,entrance,shift,contact,interviewer,language,started,ended,duration_s,disposition,disposition_label,break_off_at,break_off_reason,void,corrections,correction,correction_reason,cells,provisional,hasty_questions,q_site,bought,bought__shoes,bought__food,bought__nothing,why
i1,mall-exit,visit,3,south,wallonia,main,s1,c1,AB12,French (fr),2026-05-02T14:03:07.250+02:00,2026-05-02T14:08:19.650+02:00,301.25,1.0,complete,,,,0,,,total south_f,1,0,south,food nothing,0,1,1,"Trop cher, ""vraiment"" !
=rien"
i2,mall-exit,visit,3,elsewhere,,main,s1,c1,AB12,French (fr),2026-05-02T14:03:07.250+02:00,,301.25,2.12,broke off,why,called_away,mistake,2,void,mistake,,0,0,north,,,,,
`)
	same(t, got, "kid.csv", "interview,index,age,wish\ni1,1,4,un chien\ni1,2,7,\n")
	same(t, got, Verbatims, `interview,question,index,label,text,words,language,marks
i1,wish,1,wish (fr) ?,un chien,2,French (fr),probe:why@3
i1,why,,Pourquoi ?,"Trop cher, ""vraiment"" !
=rien",5,French (fr),probe:what_else@9; pause@12
`)
	same(t, got, Observations, `interview,question,index,time,since_ms,valence,energy,cue,note,rating,source
i1,why,,2026-05-02T14:04:07.250+02:00,2100,-2,2,,,,interviewer-perceived
i1,age,2,2026-05-02T14:04:08.250+02:00,10,,,laugh,"with, her son",4,interviewer-perceived
`)
	same(t, got, Paradata, `interview,visit,question,index,time,dwell_ms,first_tap_ms,edits
i1,1,bought,,2026-05-02T14:03:08.250+02:00,4000,1500,1
i1,2,/data/page,,2026-05-02T14:03:12.250+02:00,700,,
`)
	if s := got.summary; s.Interviews != 2 || s.Practice != 1 || s.PersonalQuestions != 1 || s.Unreadable != 0 || s.Strays != 0 {
		t.Errorf("summary %+v", s)
	}
}

// same compares a file to the byte, its line ends excepted.
func same(t *testing.T, k kept, name, want string) {
	t.Helper()
	if got := strings.ReplaceAll(k.raw(t, name), "\r\n", "\n"); got != want {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

func TestContactsShiftsAndFootfall(t *testing.T) {
	contact := interview.Contact{
		ID: "c1", Study: "mall-exit", Shift: "s1", Site: "north", Entrance: "main", Interviewer: "AB12", At: at(0),
		Disposition: interview.RefusedUnknown, Passed: 41, EstimatedSex: "female", EstimatedAge: "35_54", ContactMade: true,
	}
	shift := interview.Shift{
		ID: "s1", Study: "mall-exit", Site: "north", Entrance: "main", Interviewer: "AB12", Interval: 5, Started: at(0), Ended: at(7_200_000),
		Pauses:   []interview.Pause{{From: at(1000), To: at(61_500), Reason: "weather", Words: "hail, all inside"}, {From: at(100_000)}},
		Footfall: []interview.Footfall{{From: 1_777_723_200_000, Count: 40}, {From: 1_777_724_100_000, Count: 12}}, Passed: 52,
		Corrections: []interview.Recount{
			{ID: "k1", At: at(2000), From: 10, To: 14, Reason: "missed"}, {ID: "k2", At: at(3000), From: 20, To: 13, Reason: "other", Words: "=a trolley, twice"},
		},
		Notes: []interview.ShiftNote{
			{ID: "n1", At: at(4000), Weather: "rain"}, {ID: "n2", At: at(5000), Words: "fair, \"kermesse\""}, {ID: "n3", At: at(6000), Weather: "sunny", Words: "queue"},
		},
	}
	silent := interview.Contact{
		ID: "c4", Study: "mall-exit", Shift: "s1", Site: "north", Entrance: "main", Interviewer: "AB12", At: at(0),
		Disposition: interview.NotApproached, NotApproached: "busy", Passed: 42,
	}
	practice := contact
	practice.Practice = true
	undone := contact
	undone.ID, undone.Void = "c3", true
	got := exported(t, Params{}, Record{Kind: KindContact, ID: "c1", Body: bodyOf(t, contact)}, Record{Kind: KindContact, ID: "c3", Body: bodyOf(t, undone)}, Record{Kind: KindShift, ID: "s1", Body: bodyOf(t, shift)},
		Record{Kind: KindContact, ID: "c4", Body: bodyOf(t, silent)}, Record{Kind: KindContact, ID: "c2", Body: bodyOf(t, practice)}, Record{Kind: "device", ID: "d1", Body: []byte(`{}`)})
	same(t, got, Contacts, `id,study,shift,site,region,entrance,interviewer,time,disposition,disposition_label,aapor_class,eligibility_known,contact_made,void,estimated_sex,estimated_age,estimate_source,not_approached,passed,interview
c1,mall-exit,s1,north,flanders,main,AB12,2026-05-02T14:03:07.250+02:00,3.21,"refused, eligibility unknown",UO,0,1,0,female,35_54,interviewer-estimated,,41,
c3,mall-exit,s1,north,flanders,main,AB12,2026-05-02T14:03:07.250+02:00,3.21,"refused, eligibility unknown",,0,1,1,female,35_54,interviewer-estimated,,41,
c4,mall-exit,s1,north,flanders,main,AB12,2026-05-02T14:03:07.250+02:00,3.11,not approached,UH,0,0,0,,,,busy,42,
`)
	same(t, got, Shifts, `id,study,site,region,entrance,interviewer,interval,started,ended,pauses,paused_s,passed,corrections,corrected,weather,notes
s1,mall-exit,north,flanders,main,AB12,5,2026-05-02T14:03:07.250+02:00,2026-05-02T16:03:07.250+02:00,2,60.5,52,2,-3,rain sunny,"14:03 fair, ""kermesse""
14:03 queue"
`)
	same(t, got, Pauses, `shift,study,site,region,entrance,interviewer,number,from,to,paused_s,reason,words
s1,mall-exit,north,flanders,main,AB12,1,2026-05-02T14:03:08.250+02:00,2026-05-02T14:04:08.750+02:00,60.5,weather,"hail, all inside"
s1,mall-exit,north,flanders,main,AB12,2,2026-05-02T14:04:47.250+02:00,,,,
`)
	same(t, got, Corrections, `shift,study,site,region,entrance,interviewer,number,id,time,from,to,reason,words
s1,mall-exit,north,flanders,main,AB12,1,k1,2026-05-02T14:03:09.250+02:00,10,14,missed,
s1,mall-exit,north,flanders,main,AB12,2,k2,2026-05-02T14:03:10.250+02:00,20,13,other,"=a trolley, twice"
`)
	same(t, got, ShiftNotes, `shift,study,site,region,entrance,interviewer,number,id,time,weather,words
s1,mall-exit,north,flanders,main,AB12,1,n1,2026-05-02T14:03:11.250+02:00,rain,
s1,mall-exit,north,flanders,main,AB12,2,n2,2026-05-02T14:03:12.250+02:00,,"fair, ""kermesse"""
s1,mall-exit,north,flanders,main,AB12,3,n3,2026-05-02T14:03:13.250+02:00,sunny,queue
`)
	same(t, got, Footfall, `shift,study,site,region,entrance,from,count
s1,mall-exit,north,flanders,main,2026-05-02T14:00:00.000+02:00,40
s1,mall-exit,north,flanders,main,2026-05-02T14:15:00.000+02:00,12
`)
	if s := got.summary; s.Contacts != 3 || s.Shifts != 1 || s.Practice != 1 {
		t.Errorf("summary %+v", s)
	}
}

func four() *int {
	n := 4
	return &n
}
