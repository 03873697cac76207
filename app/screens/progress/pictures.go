package progress

import (
	"math"
	"time"

	"parvis/app/kit"
	"parvis/app/look"
)

// DaysPicture is the sum of complete interviews over the days as a line with dots, the target as a thin line on top.
func (m Model) DaysPicture(w Words) kit.ChartParams {
	most := m.Target
	for _, d := range m.Days {
		most = max(most, d.Sum)
	}
	top := ceiling(float64(max(most, 1)))
	p := kit.ChartParams{Name: w.T("progress.days"), YLabels: scale(top, func(v float64) string { return w.Number(int(v)) })}
	at := func(n int) float32 { return float32(n) / float32(max(len(m.Days)-1, 1)) }
	for n, d := range m.Days {
		p.XLabels = append(p.XLabels, kit.ChartLabel{At: at(n), Text: dayName(w, d.Day)})
		y := float32(float64(d.Sum) / top)
		if n > 0 {
			p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartLine, X0: at(n - 1), Y0: float32(float64(m.Days[n-1].Sum) / top), X1: at(n), Y1: y})
		}
		p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartDot, X0: at(n), Y0: y})
	}
	if m.Target > 0 {
		y := float32(float64(m.Target) / top)
		p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartDash, X0: 0, Y0: y, X1: 1, Y1: y, Ink: look.Text})
	}
	return p
}

// PeoplePicture has a row with a dot for each interviewer, and the median as a line through all rows.
func (m Model) PeoplePicture(w Words) kit.ChartParams {
	most := 0.0
	for _, q := range m.People {
		most = max(most, q.Figure)
	}
	top := ceiling(max(most, 0.01))
	p := kit.ChartParams{Name: w.T("progress.people")}
	for n, l := range scale(top, func(v float64) string { return m.axis(w, v, top) }) {
		if n%2 == 0 || len(m.People) > 0 {
			p.XLabels = append(p.XLabels, l)
		}
	}
	middle := float32(m.Median / top)
	p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartDash, X0: middle, X1: middle, Ink: look.Text})
	for n, q := range m.People {
		p.Rows = append(p.Rows, q.Code)
		shape := kit.ChartDot
		if q.Figure < m.Median {
			shape = kit.ChartRing // below the line, also without it
		}
		p.Marks = append(p.Marks, kit.ChartMark{Shape: shape, Row: n, X0: float32(q.Figure / top)})
	}
	return p
}

func (m Model) axis(w Words, v, top float64) string {
	if m.Rate {
		return w.Percent(v)
	}
	if top < 4 {
		return w.Decimal(v, 1)
	}
	return w.Number(int(v))
}

// ceiling is the next number that four equal steps divide well.
func ceiling(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10} {
		if v <= step*unit*(1+1e-9) {
			return step * unit
		}
	}
	return 10 * unit
}

func scale(top float64, say func(float64) string) (labels []kit.ChartLabel) {
	for n := range 5 {
		labels = append(labels, kit.ChartLabel{At: float32(n) / 4, Text: say(top * float64(n) / 4)})
	}
	return labels
}

// Timeline has a row for each interviewer of the day: shifts as bars, pauses as gaps, complete interviews that count as high ticks, others as short ones.
func (m Model) Timeline(w Words) kit.ChartParams {
	p := kit.ChartParams{Name: w.T("progress.timeline")}
	from, to := m.hours()
	at := func(ms int64) float32 {
		return min(max(float32(float64(ms-from)/float64(max(to-from, 1))), 0), 1)
	}
	rows := map[string]int{}
	row := func(code string) int {
		if _, known := rows[code]; !known {
			rows[code] = len(p.Rows)
			p.Rows = append(p.Rows, code)
		}
		return rows[code]
	}
	for _, s := range m.Shifts {
		begin := s.Started
		for _, pause := range s.Pauses {
			if pause.From.UTC > begin {
				p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartBar, Row: row(s.Interviewer), X0: at(begin), X1: at(pause.From.UTC), Ink: look.Leased})
			}
			if begin = pause.To.UTC; begin == 0 {
				begin = s.Ended
			}
		}
		if s.Ended > begin || s.Ended == s.Started {
			p.Marks = append(p.Marks, kit.ChartMark{Shape: kit.ChartBar, Row: row(s.Interviewer), X0: at(begin), X1: at(s.Ended), Ink: look.Leased})
		}
	}
	for _, t := range m.Ticks {
		shape := kit.ChartShort
		if t.Counts {
			shape = kit.ChartTick
		}
		p.Marks = append(p.Marks, kit.ChartMark{Shape: shape, Row: row(t.Interviewer), X0: at(t.Started), Ink: look.Text})
	}
	zone := m.zone()
	step := time.Hour.Milliseconds()
	if to-from > 10*step {
		step *= 2
	}
	for ms := from; ms <= to; ms += step {
		p.XLabels = append(p.XLabels, kit.ChartLabel{At: at(ms), Text: clock(ms, zone)})
	}
	return p
}

func (m Model) zone() int {
	if len(m.Shifts) > 0 {
		return m.Shifts[0].Zone
	}
	return 0
}

// hours are full hours around all of the day's work, milliseconds UTC; a day at most.
func (m Model) hours() (from, to int64) {
	hour := time.Hour.Milliseconds()
	note := func(a, b int64) {
		if from == 0 || a < from {
			from = a
		}
		to = max(to, b)
	}
	for _, s := range m.Shifts {
		note(s.Started, s.Ended)
	}
	for _, t := range m.Ticks {
		note(t.Started, t.Started+t.DurationMS)
	}
	from -= from % hour
	if rest := to % hour; rest > 0 {
		to += hour - rest
	}
	return from, min(max(to, from+hour), from+24*hour)
}
