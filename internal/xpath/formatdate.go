package xpath

import (
	"fmt"
	"strings"
	"time"
)

// calendarWords are the names of months from January and of days from Sunday,
// short as Unicode CLDR abbreviates them, and in full.
type calendarWords struct {
	months, days         string
	fullMonths, fullDays string
}

// monthsAndDays picks the words of a language given as "French (fr)" or "fr-BE";
// English where we have none.
func monthsAndDays(language string) calendarWords {
	code := language
	if i := strings.LastIndexByte(code, '('); i >= 0 {
		code = strings.TrimSuffix(strings.TrimSpace(code[i+1:]), ")")
	}
	code, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(code)), "-")
	code, _, _ = strings.Cut(code, "_")
	switch code {
	case "fr", "french", "français", "francais":
		return calendarWords{
			"janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.", "dim. lun. mar. mer. jeu. ven. sam.",
			"janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "dimanche lundi mardi mercredi jeudi vendredi samedi",
		}
	case "nl", "dutch", "nederlands":
		return calendarWords{
			"jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.", "zo ma di wo do vr za",
			"januari februari maart april mei juni juli augustus september oktober november december", "zondag maandag dinsdag woensdag donderdag vrijdag zaterdag",
		}
	case "es", "spanish", "español", "espanol":
		return calendarWords{
			"ene feb mar abr may jun jul ago sept oct nov dic", "dom lun mar mié jue vie sáb",
			"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", "domingo lunes martes miércoles jueves viernes sábado",
		}
	case "de", "german", "deutsch":
		return calendarWords{
			"Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.", "So. Mo. Di. Mi. Do. Fr. Sa.",
			"Januar Februar März April Mai Juni Juli August September Oktober November Dezember", "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
		}
	}
	return calendarWords{
		"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "Sun Mon Tue Wed Thu Fri Sat",
		"January February March April May June July August September October November December", "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
	}
}

// formatTime fills a pattern of format-date(); bad is the first escape that has
// no meaning.
func formatTime(t time.Time, pattern string, w calendarWords) (out, bad string) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		if i == len(pattern) {
			return "", "% at the end"
		}
		switch pattern[i] {
		case '%':
			b.WriteByte('%')
		case 'Y':
			fmt.Fprintf(&b, "%04d", t.Year())
		case 'y':
			fmt.Fprintf(&b, "%02d", t.Year()%100)
		case 'm':
			fmt.Fprintf(&b, "%02d", t.Month())
		case 'n':
			fmt.Fprint(&b, int(t.Month()))
		case 'b':
			b.WriteString(strings.Fields(w.months)[t.Month()-1])
		case 'B':
			b.WriteString(strings.Fields(w.fullMonths)[t.Month()-1])
		case 'd':
			fmt.Fprintf(&b, "%02d", t.Day())
		case 'e':
			fmt.Fprint(&b, t.Day())
		case 'H':
			fmt.Fprintf(&b, "%02d", t.Hour())
		case 'h':
			fmt.Fprint(&b, t.Hour())
		case 'M':
			fmt.Fprintf(&b, "%02d", t.Minute())
		case 'S':
			fmt.Fprintf(&b, "%02d", t.Second())
		case '3':
			fmt.Fprintf(&b, "%03d", t.Nanosecond()/1e6)
		case 'a':
			b.WriteString(strings.Fields(w.days)[t.Weekday()])
		case 'A':
			b.WriteString(strings.Fields(w.fullDays)[t.Weekday()])
		case 'W':
			_, week := t.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		default:
			return "", "%" + string([]rune(pattern[i:])[0])
		}
	}
	return b.String(), ""
}
