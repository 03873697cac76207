package devices

import (
	"strings"
	"time"

	"parvis/internal/report/codesheet"
)

// Paper is a code to print and hand over; regular and bold are fonts that have the letters used.
func Paper(w Words, c Code, now time.Time, regular, bold []byte) codesheet.Sheet {
	return codesheet.Sheet{
		Title: w.T("devices.code_of", "name", c.Interviewer), Made: now, Regular: regular, Bold: bold,
		Cards: []codesheet.Card{{
			Code: c.Text, Link: c.Link, For: w.T("devices.code_of", "name", c.Interviewer),
			Lines: []string{joined(c.Studies), c.Central, w.T("devices.paper_how"), w.T("devices.paper_until", "when", w.Moment(c.Until, now))},
		}},
	}
}

func joined(titles []string) string { return strings.Join(titles, ", ") }
