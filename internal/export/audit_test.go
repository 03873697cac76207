package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
)

// One interview by the script, with each kind of event; times are milliseconds after the start.
func TestAuditLogOfAScriptedInterview(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d.start(t)
	d.pass(800)
	d.s.Touched()
	d.answer(t, 200, "/data/consent", "yes")
	d.next(t, 1000, "question:/data/age")
	d.answer(t, 2000, "/data/age", "40")
	d.next(t, 1000, "list:/data/trip/bought")
	d.answer(t, 500, "/data/trip/bought", "shoes")
	must(d.s.Draft(ctx, "/data/trip/why", "che"))
	must(d.s.Draft(ctx, "/data/trip/why", "cheap, and near"))
	d.next(t, 2500, "question:/data/kid[0]/years")
	d.answer(t, 600, "/data/kid[0]/years", "4")
	d.next(t, 400, "question:/data/kid[0]/wish")
	must(d.s.Draft(ctx, "/data/kid[0]/wish", "a d"))
	d.pass(1000)
	must(d.s.Leave(ctx))
	d.resume(t, 3_600_000_000_000)
	must(d.s.Draft(ctx, "/data/kid[0]/wish", "a dog"))
	d.next(t, 1000, "repeat:/data/kid[1]")
	d.pass(500)
	must(d.s.AddRepeat(ctx, "/data/kid"))
	d.pass(500)
	must(d.s.Back(ctx))
	d.answer(t, 500, "/data/kid[0]/wish", "a cat")
	d.next(t, 0, "question:/data/kid[1]/years")
	d.answer(t, 400, "/data/kid[1]/years", "9")
	d.pass(600)
	must(d.s.RemoveRepeat(ctx, "/data/kid[1]"))
	d.next(t, 500, "repeat:/data/kid[1]")
	d.next(t, 1000, "question:/data/phone")
	d.answer(t, 700, "/data/phone", "0470 SECRET")
	d.next(t, 300, "question:/data/bye")
	d.jump(t, 1000, "question:/data/age")
	d.answer(t, 1000, "/data/age", "400")
	d.jump(t, 1000, "end")
	d.refused(t, 1000)
	d.jump(t, 1000, "question:/data/age")
	d.answer(t, 1000, "/data/age", "41")
	d.resume(t, -7_200_000_000_000) // a kill, and a wall clock set back
	d.jump(t, 1000, "question:/data/bye")
	d.next(t, 1000, "end")
	d.pass(2000)
	i, err := d.s.Finish(ctx)
	must(err)
	got := d.exported(t, i)

	const hour = 3_600_000
	want := []string{
		"form start||0|",
		"question|/data/consent|0|2000||yes",
		"question|/data/age|2000|5000||40",
		"group questions|/data/trip|5000|8000",
		"question|/data/trip/bought|5000|8000||shoes",
		"question|/data/trip/why|5000|8000||cheap, and near",
		"question|/data/kid[1]/years|8000|9000||4",
		"question|/data/kid[1]/wish|9000|10000||a d",
		"form save||10000|",
		"form exit||10000|",
		"form resume||H10000|",
		"question|/data/kid[1]/wish|H10000|H11000|a d|a dog",
		"add repeat|/data/kid[2]|H11000|H11500",
		"question|/data/kid[2]/years|H11500|H12000",
		"question|/data/kid[1]/wish|H12000|H12500|a dog|a cat",
		"question|/data/kid[2]/years|H12500|H13500||9",
		"delete repeat|/data/kid[2]|H13500|H13500",
		"question|/data/kid[1]/wish|H13500|H14000",
		"add repeat|/data/kid[2]|H14000|H15000",
		"question|/data/phone|H15000|H16000",
		"question|/data/bye|H16000|H17000",
		"jump||H17000|",
		"question|/data/age|H17000|H19000|40|400",
		"jump||H19000|",
		"end screen||H19000|H21000",
		"constraint error||H20000|",
		"jump||H21000|",
		"question|/data/age|H21000|H22000|400|41",
		"form resume||H22000|",
		"question|/data/age|H22000|H23000",
		"jump||H23000|",
		"question|/data/bye|H23000|H24000",
		"end screen||H24000|H26000",
		"form save||H26000|",
		"form exit||H26000|",
		"form finalize||H26000|",
	}
	var rows []string
	for _, row := range got.table(t, Audit) {
		if row["user"] != "i7" || row["instance ID"] != i.ID || row["latitude"]+row["longitude"]+row["accuracy"] != "" {
			t.Errorf("%v", row)
		}
		line := fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s", row["event"], row["node"], since(t, row["start"], hour), since(t, row["end"], hour),
			row["old-value"], row["new-value"], row["change-reason"])
		rows = append(rows, strings.TrimRight(line, "|"))
	}
	for n := range want {
		want[n] = strings.TrimRight(want[n], "|")
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	same(t, got, Timings, `interview,question,index,stays,dwell_ms,first_tap_ms,edits,words,hasty
i2,consent,,1,2000,800,0,,0
i2,age,,3,7000,2000,2,,1
i2,/data/trip,,1,3000,500,0,,2
i2,years,1,1,1000,600,0,,0
i2,wish,1,3,3000,1,1,2,0
i2,years,2,2,1500,400,0,,0
i2,/data/phone,,1,1000,700,0,,0
i2,/data/bye,,2,2000,,0,,0
`)
	if rows := got.table(t, Interviews); rows[0]["hasty_questions"] != "3" {
		t.Errorf("hasty_questions %q", rows[0]["hasty_questions"])
	}
	if rows := got.table(t, Paradata); len(rows) != 16 || rows[2]["question"] != "/data/trip" || rows[0]["first_tap_ms"] != "800" {
		t.Errorf("%d rows: %v", len(rows), rows)
	}
}

// An interview whose end is taken back, and that is then corrected twice: the log goes on in each, and the time of corrections is not
// the talk's.
func TestAuditLogOfACorrectedInterview(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	finish := func() {
		t.Helper()
		if _, err := d.s.Finish(ctx); err != nil {
			t.Fatal(err)
		}
	}
	d.start(t)
	d.answer(t, 1000, "/data/consent", "yes")
	d.next(t, 0, "question:/data/age")
	d.answer(t, 1000, "/data/age", "40")
	d.jump(t, 0, "end")
	d.pass(1000)
	finish()
	d.reopen(t, interview.CorrectUndo, "undo", 2*time.Second) // wall 5 s, open 3 s
	d.jump(t, 500, "question:/data/age")
	d.answer(t, 500, "/data/age", "41")
	d.jump(t, 0, "end")
	finish()                                                           // open 4 s
	d.reopen(t, interview.CorrectEdit, "mistyped, twice", time.Minute) // wall 66 s
	d.jump(t, 2000, "list:/data/trip/bought")
	d.answer(t, 1000, "/data/trip/bought", "food")
	d.jump(t, 0, "end")
	finish()
	d.reopen(t, interview.CorrectEdit, "other", -time.Hour) // the wall clock was set back
	d.jump(t, 1000, "question:/data/age")
	d.answer(t, 1000, "/data/age", "42")
	finish()
	got := d.exported(t, d.ended)

	want := []string{
		"form start||0|", "question|/data/consent|0|1000||yes", "question|/data/age|1000|2000||40", "jump||2000|", "end screen||2000|3000",
		"form save||3000|", "form exit||3000|", "form finalize||3000|",
		"form resume||5000|", "end screen||5000|5500", "jump||5500|", "question|/data/age|5500|6000|40|41", "jump||6000|", "end screen||6000|6000",
		"form save||6000|", "form exit||6000|", "form finalize||6000|",
		"form resume||66000|", "end screen||66000|68000", "jump||68000|", "group questions|/data/trip|68000|69000",
		"question|/data/trip/bought|68000|69000||food", "jump||69000|", "end screen||69000|69000",
		"change reason||69000||||mistyped, twice", "form save||69000|", "form exit||69000|", "form finalize||69000|",
		"form resume||69000|", "end screen||69000|70000", "jump||70000|", "question|/data/age|70000|71000|41|42",
		"change reason||71000||||other", "form save||71000|", "form exit||71000|", "form finalize||71000|",
	}
	var rows []string
	for _, row := range got.table(t, Audit) {
		line := fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s", row["event"], row["node"], since(t, row["start"], 1<<60), since(t, row["end"], 1<<60),
			row["old-value"], row["new-value"], row["change-reason"])
		rows = append(rows, strings.TrimRight(line, "|"))
	}
	for n := range want {
		want[n] = strings.TrimRight(want[n], "|")
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	same(t, got, Timings, `interview,question,index,stays,dwell_ms,first_tap_ms,edits,words,hasty
i2,consent,,1,1000,1000,0,,0
i2,age,,2,1500,1000,1,,1
`)
	if rows := got.table(t, Interviews); rows[0]["duration_s"] != "4" || rows[0]["hasty_questions"] != "1" || rows[0]["age"] != "42" {
		t.Errorf("%v", rows[0])
	}
}

// since writes a time of the log as milliseconds after the start, H for an hour later.
func since(t *testing.T, cell string, hour int64) string {
	t.Helper()
	if cell == "" {
		return ""
	}
	ms, err := strconv.ParseInt(cell, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if ms -= at(0).UTC; ms >= hour {
		return "H" + strconv.FormatInt(ms-hour, 10)
	}
	return strconv.FormatInt(ms, 10)
}

// A record need not come from this version of the app: what it tells of a question that is personal in any version is left out, and
// times that go back do not make rows that do.
func TestAuditLogTrustsNoRecord(t *testing.T) {
	t.Parallel()
	i := visitInterview("i1", `<data id="visit" version="3"><why>so</why></data>`)
	i.DurationMS = 4000
	i.Visits = []interview.Visit{
		{Question: "/data/phone", DwellMS: 1000, Changes: []interview.Change{{Old: "0470", New: "0471"}, {Question: "/data/gone", New: "0472"}}},
		{Question: "/data/why", DwellMS: -500, Changes: []interview.Change{{New: `so, "so"`}}},
		{Question: "/data/kid[x]/age", DwellMS: 3000},
	}
	i.Events = []interview.Event{
		{Kind: interview.EventJump, OpenMS: 3000}, {Kind: interview.EventResume, OpenMS: 100}, {Kind: "later", OpenMS: 200}, {Kind: interview.EventEnd, OpenMS: 3500},
	}
	got := exported(t, Params{}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, i)})
	rows := got.table(t, Audit)
	if text := got.raw(t, Audit); strings.Contains(text, "047") || !strings.Contains(text, `,"so, ""so""",AB12,`) {
		t.Error(text)
	}
	last := int64(0)
	for _, row := range rows {
		start, err := strconv.ParseInt(row["start"], 10, 64)
		if err != nil || start < last {
			t.Errorf("%v after %d", row, last)
		}
		if end, err := strconv.ParseInt(row["end"], 10, 64); row["end"] != "" && (err != nil || end < start) {
			t.Errorf("%v", row)
		}
		last = start
	}
	if rows[len(rows)-1]["event"] != "form finalize" {
		t.Errorf("%d rows", len(rows))
	}
}
