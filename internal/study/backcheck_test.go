package study

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/google/uuid"
)

// Each laptop, of whatever version and machine, draws these.
func TestTheLotsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		study, interviewer, interview string
		want                          int64
	}{
		// printf 'mall\x000417\x000197f3a2-9c10-7d01-8f00-00000000d001' | sha256sum, its first 16 digits modulo 1,000,000
		{"mall", "0417", "0197f3a2-9c10-7d01-8f00-00000000d001", 13771},
		{"mall", "0512", "0197f3a2-9c10-7d01-8f00-00000000d001", 145690},
	} {
		if got := Draw(c.study, c.interviewer, c.interview); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestTheShareIsReachedWithinEachInterviewer(t *testing.T) {
	t.Parallel()
	const n = 4000
	for _, percent := range []int{0, 5, 10, 33, 100} {
		st := Study{ID: "mall", BackCheckShare: &percent}
		for who := range 5 {
			drawn := 0
			for range n {
				if Draw(st.ID, fmt.Sprint(who), uuid.Must(uuid.NewV7()).String()) < st.DrawBelow() {
					drawn++
				}
			}
			p := float64(percent) / 100
			if off := math.Abs(float64(drawn) - p*n); off > 6*math.Sqrt(n*p*(1-p)) {
				t.Errorf("%d of %d at %d percent", drawn, n, percent)
			}
		}
	}
}

func TestTheShareIsTheUsualOneWhereTheStudyDoesNotSay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{`{}`: UsualBackCheckShare, `{"back_check_share":0}`: 0, `{"back_check_share":25}`: 25, `{"back_check_share":900}`: 100, `{"back_check_share":-1}`: 0} {
		var st Study
		if err := json.Unmarshal([]byte(text), &st); err != nil || st.BackCheckPercent() != want {
			t.Errorf("%s: %d %v", text, st.BackCheckPercent(), err)
		}
	}
}
