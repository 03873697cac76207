package xlsform

import (
	"regexp"
	"strings"
)

// readMarkdown reads tables of the form
//
//	| survey |      |      |
//	|        | type | name |
//	|        | text | q1   |
//
// Rows count from 1 at each sheet's header.
func readMarkdown(text string, m *meter) (*Workbook, error) {
	b := &textBook{m: m, w: &Workbook{Sheets: map[string]*Sheet{}}}
	number := 0
	inline := regexp.MustCompile(`^(.*)(#[^|]+)$`)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if c := inline.FindStringSubmatch(line); c != nil {
			line = strings.TrimSpace(c[1])
		}
		cells, ok := markdownCells(line)
		if !ok {
			continue
		}
		if cells[0] != "" {
			b.begin(cells[0], 0)
			number = 0
		}
		rest := cells[1:]
		if allBlank(rest) {
			continue
		}
		number++
		if err := b.row(number, rest); err != nil {
			return nil, err
		}
	}
	return b.workbook("The text")
}

// markdownCells splits "| a | b |"; a pipe is written \| inside a cell.
func markdownCells(line string) ([]string, bool) {
	if !strings.HasPrefix(line, "|") {
		return nil, false
	}
	end := strings.LastIndex(line, "|")
	if end == 0 {
		return nil, false
	}
	inner := line[1:end]
	if strings.Trim(inner, "|-") == "" && inner != "" {
		return nil, false
	}
	var cells []string
	var cell strings.Builder
	for i := 0; i < len(inner); i++ {
		switch {
		case inner[i] == '\\' && i+1 < len(inner) && inner[i+1] == '|':
			cell.WriteByte('|')
			i++
		case inner[i] == '|':
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(inner[i])
		}
	}
	return append(cells, strings.TrimSpace(cell.String())), true
}
