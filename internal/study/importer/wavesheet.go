package importer

import (
	"fmt"
	"strings"
	"time"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// mostWaves is how many waves a study may have.
const mostWaves = 100

// readWaves reads the sheet waves: a row is a stretch of fieldwork, in the order of time.
func (in *importer) readWaves(s *study.Study) {
	rows, _ := in.rows("waves", []string{"name", "first_day", "last_day"}, []string{"name", "label", "first_day", "last_day"})
	first := map[string]int{}
	for n, row := range rows {
		if n == mostWaves {
			in.problem(place{in.book.Sheet("waves").Name, row.Number, ""}, "too-many-waves", fmt.Sprintf("A study has at most %d waves.", mostWaves), "Make the next ones a study of their own.")
			return
		}
		if w, ok := in.wave(row, first); ok && in.follows(row, s.Waves, w) {
			s.Waves = append(s.Waves, w)
		}
	}
}

func (in *importer) wave(row xlsform.Row, first map[string]int) (w study.Wave, ok bool) {
	sheet := in.book.Sheet("waves").Name
	at := func(column string) place { return place{sheet, row.Number, column} }
	w = study.Wave{Name: row.Get("name"), Label: in.text(sheet, row, "label")}
	if ok = in.name(at("name"), w.Name, "wave"); ok {
		switch n := first[w.Name]; {
		case n > 0:
			in.problem(at("name"), "twice", fmt.Sprintf("There is a wave %q in row %d already.", w.Name, n), "Give each wave its own name.")
			ok = false
		case isDay(w.Name):
			in.problem(at("name"), "bad-name", fmt.Sprintf("%q is a date and cannot be the name of a wave.", w.Name), "Write a name such as spring.")
			ok = false
		default:
			first[w.Name] = row.Number
		}
	}
	if len(w.Label) == 0 {
		w.Label = study.Text{in.standard: w.Name}
	}
	begins, ends := false, false
	w.First, begins = in.day(at("first_day"), row.Get("first_day"))
	w.Last, ends = in.day(at("last_day"), row.Get("last_day"))
	if begins && ends && w.Last < w.First {
		in.problem(at("last_day"), "wave-days", fmt.Sprintf("The wave ends on %s, before it begins.", w.Last), "Write its last day, or the first one once more for a wave of one day.")
		return w, false
	}
	return w, ok && begins && ends
}

// follows reports a wave that does not come after those above it.
func (in *importer) follows(row xlsform.Row, above []study.Wave, w study.Wave) bool {
	if len(above) == 0 || above[len(above)-1].Last < w.First {
		return true
	}
	before, message := above[len(above)-1], "The wave %s begins on %s, but %s above it goes on until %s."
	remedy := "A day belongs to one wave: let it begin later, or the other end before."
	if w.Last < before.First {
		message, remedy = "The wave %s begins on %s, but stands below %s, which ends on %s.", "Write the waves in the order of time."
	}
	in.problem(place{in.book.Sheet("waves").Name, row.Number, "first_day"}, "wave-days", fmt.Sprintf(message, w.Name, w.First, before.Name, before.Last), remedy)
	return false
}

// day reads a date, as text or as a spreadsheet's own, which comes with the midnight it begins at.
func (in *importer) day(at place, cell string) (day string, ok bool) {
	day = strings.TrimSuffix(cell, " 00:00:00")
	switch {
	case cell == "":
		in.problem(at, "no-value", "The wave has no such day.", "Write a date, such as 2026-11-29.")
		return "", false
	case !isDay(day):
		in.problem(at, "bad-date", fmt.Sprintf("%q is no date.", shorten(cell)), "Write year, month and day, such as 2026-11-29.")
		return "", false
	}
	return day, true
}

func isDay(s string) bool {
	_, ok := study.BeginOf(s)
	return ok
}

// wavesAtOnce is of how many waves a device speaks at once, as it does of days.
func wavesAtOnce(waves []study.Wave) (most int) {
	for i, w := range waves {
		end, _ := study.BeginOf(w.Last)
		reach, n := study.DayOf(end.Add((accountDays-1)*24*time.Hour)), 1
		for _, next := range waves[i+1:] {
			if next.First <= reach {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
