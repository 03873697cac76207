package fieldapp

import (
	"testing"

	"parvis/internal/fieldstore"
)

// What this device knows nothing about may be open elsewhere; where one of the quotas is full for everybody, going on is of no use.
func TestWhatIsOpenElsewhere(t *testing.T) {
	t.Parallel()
	known := map[string]fieldstore.Quota{"women": {Elsewhere: 5}, "young": {Elsewhere: 2}, "over": {}}
	for name, c := range map[string]struct {
		full []string
		n    int
		open bool
	}{
		"the fullest counts":        {[]string{"women", "young"}, 2, true},
		"full for everybody":        {[]string{"women", "over"}, 0, false},
		"not known":                 {[]string{"men"}, 0, true},
		"one not known":             {[]string{"women", "men"}, 0, true},
		"not known and one is full": {[]string{"men", "over"}, 0, false},
	} {
		if n, open := openElsewhere(known, c.full); n != c.n || open != c.open {
			t.Errorf("%s: %d, %v", name, n, open)
		}
	}
}
