// Package flags shows what of interviewers' work deserves a second look, with the reason and the statistic behind each flag, and leads
// to the interviews concerned. Sentences and tables are plain Go; the View draws.
package flags

import (
	"strings"

	"parvis/internal/export/table"
	"parvis/internal/quality"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Percent(share float64) string
	Decimal(v float64, digits int) string
}

// Name is a kind of flag in a few words.
func Name(w Words, k quality.Kind) string { return w.T("quality." + string(k)) }

// Reason says in a sentence what was found. question is the label of the question concerned, or its name.
func Reason(w Words, f quality.Flag, question string) string {
	return w.T("quality."+string(f.Kind)+"_why", "value", figure(w, f.Unit, f.Value), "k", f.K, "n", f.N,
		"limit", figure(w, f.Unit, f.Limit), "median", figure(w, f.Unit, f.Median), "question", question)
}

// Statistic says what the flag rests on; empty for what needs no statistic.
func Statistic(w Words, f quality.Flag) string {
	var said []string
	if f.Peers > 0 {
		key := "quality.peers_study"
		if f.AtSite {
			key = "quality.peers_site"
		}
		said = append(said, w.T(key, "peers", f.Peers, "n", f.N, "median", figure(w, f.Unit, f.Median), "mad", figure(w, f.Unit, f.MAD),
			"z", signed(w, f.Z), "threshold", w.Decimal(f.Threshold, 1)))
	}
	if f.Alpha > 0 {
		said = append(said, w.T("quality.chance", "p", small(w, f.P), "alpha", small(w, f.Alpha)))
	}
	return strings.Join(said, " ")
}

// figure writes a figure with its unit.
func figure(w Words, u quality.Unit, v float64) string {
	switch u {
	case quality.Share:
		return w.Percent(v)
	case quality.Milliseconds:
		if v < 3_600_000 {
			return w.T("quality.minutes", "minutes", w.Decimal(v/60_000, 1))
		}
		return w.T("quality.hours", "hours", w.Decimal(v/3_600_000, 1))
	case quality.Metres:
		return w.T("quality.kilometres", "km", w.Decimal(v/1000, 1))
	case quality.Speed:
		return w.T("quality.speed", "speed", w.Decimal(v*3.6, 0))
	}
	return w.T("quality.per_hour", "n", w.Decimal(v, 2))
}

func signed(w Words, z float64) string {
	if z > 0 {
		return "+" + w.Decimal(z, 1)
	}
	return w.Decimal(z, 1)
}

// small writes a chance in digits that tell something.
func small(w Words, p float64) string {
	for digits := 2; digits <= 6; digits++ {
		if said := w.Decimal(p, digits); strings.ContainsAny(said, "123456789") {
			return said
		}
	}
	return "< " + w.Decimal(0.000001, 6)
}

// Table lists flags for export.
func Table(w Words, list []quality.Flag, site, question func(string) string) table.Table {
	t := table.Table{Title: w.T("quality.title"), Columns: []table.Column{
		{Key: "who", Title: w.T("interviewers.name")}, {Key: "site", Title: w.T("board.site")}, {Key: "kind", Title: w.T("quality.flag")},
		{Key: "reason", Title: w.T("quality.reason")}, {Key: "statistic", Title: w.T("quality.statistic")},
		{Key: "interviews", Title: w.T("quality.concerned"), Kind: table.Number},
		{Key: "z", Title: "z", Kind: table.Number}, {Key: "threshold", Title: w.T("quality.threshold"), Kind: table.Number},
	}}
	for _, f := range list {
		z, threshold := table.None(), table.None()
		if f.Peers > 0 {
			z, threshold = table.Figure(f.Z, w.Decimal(f.Z, 1)), table.Figure(f.Threshold, w.Decimal(f.Threshold, 1))
		}
		t.Rows = append(t.Rows, table.Row{ID: f.Interviewer, Cells: []table.Cell{
			table.Word(f.Interviewer), table.Word(site(f.Site)), table.Word(Name(w, f.Kind)), table.Word(Reason(w, f, question(f.Question))),
			table.Word(Statistic(w, f)), table.Figure(float64(len(f.Interviews)), w.Number(len(f.Interviews))), z, threshold,
		}})
	}
	return t
}
