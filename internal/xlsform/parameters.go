package xlsform

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
)

// param is one key=value of the parameters column.
type param struct{ key, value string }

// parseParameters reads "key=value key=value"; commas and semicolons separate too.
func parseParameters(s string) ([]param, bool) {
	var fields []string
	switch {
	case strings.Contains(s, ";"):
		fields = strings.Split(s, ";")
	case strings.Contains(s, ","):
		fields = strings.Split(s, ",")
	default:
		fields = strings.Fields(s)
	}
	var out []param
	for _, f := range fields {
		parts := strings.Split(f, "=")
		if len(parts) != 2 {
			return nil, false
		}
		key := strings.ToLower(strings.TrimSpace(parts[0]))
		value := strings.TrimSpace(parts[1])
		// The names of columns and questions keep their case, all else is lower case.
		switch key {
		case "app", "seed", "value", "label", "reference-geometry", "tick_labelset":
		default:
			value = strings.ToLower(value)
		}
		out = setParam(out, key, value)
	}
	return out, true
}

func setParam(ps []param, key, value string) []param {
	for i := range ps {
		if ps[i].key == key {
			ps[i].value = value
			return ps
		}
	}
	return append(ps, param{key, value})
}

func getParam(ps []param, key string) (string, bool) {
	for _, p := range ps {
		if p.key == key {
			return p.value, true
		}
	}
	return "", false
}

// allowParameters reports keys that this type of question does not have.
func (c *converter) allowParameters(r *record, ps []param, allowed ...string) bool {
	var bad []string
	for _, p := range ps {
		ok := false
		for _, a := range allowed {
			ok = ok || a == p.key
		}
		if !ok {
			bad = append(bad, p.key)
		}
	}
	if len(bad) == 0 {
		return true
	}
	sort.Strings(bad)
	c.bad(r, "parameters", "parameter-unknown",
		fmt.Sprintf("A question of type %q has no parameter %s.", r.typ, quoteAll(bad)),
		fmt.Sprintf("Write one of %s.", quoteAll(allowed)))
	return false
}

func quoteAll(words []string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = `"` + w + `"`
	}
	return strings.Join(q, ", ")
}

func isInteger(s string) bool {
	_, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return err == nil
}

func isFinite(s string) bool {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}
