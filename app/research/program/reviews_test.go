package program

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
)

// What supervisors decided comes with the records, and a decision alone is reason enough to write the files anew.
func TestReviewsArePulled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>first</why>`))
	w.pull()
	ines := centralstore.Principal{User: "ines", Grants: []centralstore.Grant{{Role: centralstore.Supervisor, Study: surveyID}}}
	one, err := json.Marshal(delivery.Decision{
		ID: uuid.Must(uuid.NewV7()).String(), Study: surveyID, Kind: delivery.ReviewReject, Subject: recordID(1), Body: []byte(`{"revision":1}`),
		Reason: "made up", MadeAt: time.Now().UnixMilli(), MadeBy: "ines",
	})
	if err != nil {
		t.Fatal(err)
	}
	receipts, err := w.store.Decide(t.Context(), ines, surveyID, []json.RawMessage{one})
	if err != nil || receipts[0].Status != delivery.DecisionApplied {
		t.Fatal(receipts, err)
	}
	for range 2 { // the second time there is nothing new
		w.pull()
		text, err := os.ReadFile(filepath.Join(w.out, "reviews.csv"))
		if err != nil || strings.Count(string(text), "\n") != 2 || !strings.Contains(string(text), recordID(1)+",review_reject,1,,made up,,ines,") {
			t.Errorf("%s %v", text, err)
		}
	}
}
