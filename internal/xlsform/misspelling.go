package xlsform

import (
	"fmt"
	"strings"
)

// similarSheets finds sheets whose name is within two letters of a name; a
// leading underscore says that the author means it so.
func (c *converter) similarSheets(name string) []string {
	var out []string
	for _, n := range c.w.Names {
		key := strings.ToLower(n)
		if strings.HasPrefix(n, "_") || isFormSheet(key) || isFormSheet(n) {
			continue
		}
		if editDistance(key, name) <= 2 {
			out = append(out, n)
		}
	}
	return out
}

// suggestSheet warns when a sheet that may be left out seems to be misspelt.
func (c *converter) suggestSheet(name string) {
	if near := c.similarSheets(name); len(near) > 0 {
		c.d.warn("", 0, "", "sheet-misspelt",
			fmt.Sprintf("There is no sheet %q, but %s.", name, quoteAll(near)),
			fmt.Sprintf("Rename it to %q, or put an underscore before its name if it means something else.", name))
	}
}

// missingSheet says what to do about a sheet that is needed.
func (c *converter) missingSheet(name, columns string) (message, remedy string) {
	message = fmt.Sprintf("There is no sheet %q.", name)
	if near := c.similarSheets(name); len(near) > 0 {
		return message, fmt.Sprintf("Rename %s to %q.", quoteAll(near), name)
	}
	return message, fmt.Sprintf("Add a sheet %q with the columns %s.", name, columns)
}

func isFormSheet(name string) bool {
	switch name {
	case "survey", "choices", "settings", "external_choices", "entities", "osm",
		"study", "sites", "waves", "quotas", "alerts", "cascades", "columns":
		return true
	}
	return false
}

// maxSuggestions bounds the search for what an author may have meant.
const maxSuggestions = 100

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// editDistance is the number of letters to change, add or drop (Levenshtein);
// of words that differ much in length it is only known to be large.
func editDistance(a, b string) int {
	if abs(len(a)-len(b)) > 16 || len(a) > 256 {
		return max(len(a), len(b))
	}
	x, y := []rune(a), []rune(b)
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range x {
		cur := make([]int, len(y)+1)
		cur[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
		}
		prev = cur
	}
	return prev[len(y)]
}
