package endpoint_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

func TestDecisionsGoUpAndComeDown(t *testing.T) {
	w := newWorld(t)
	ines := w.person(t, "ines", centralstore.Grant{Role: centralstore.Supervisor, Study: "mall", Site: "north"})
	send := func(body any) answer {
		return w.do(t, request{method: http.MethodPost, path: protocol.PathDecisions("mall"), token: ines, body: toJSON(t, body)})
	}
	// more than this version knows: it is kept, and goes on to the others
	one := `{"id":"` + uuid.Must(uuid.NewV7()).String() + `","study":"mall","kind":"review_accept","subject":"` + w.records["mall"].ID +
		`","body":{"revision":1,"mood":"<good>"},"made_at":1786440400000,"made_by":"ines","later":[1]}`
	got := send(protocol.DecisionsRequest{Decisions: []json.RawMessage{[]byte(one), []byte(one), []byte(`7`)}})
	var done protocol.DecisionsAnswer
	if err := json.Unmarshal(got.body, &done); err != nil || len(done.Receipts) != 3 || done.Receipts[0].Status != delivery.DecisionApplied ||
		done.Receipts[1].Status != delivery.DecisionDuplicate || done.Receipts[2].Code != delivery.DecisionInvalid {
		t.Fatal(describe(got), err)
	}
	rita := w.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher})
	for name, r := range map[string]request{
		"pull":     {method: http.MethodGet, path: protocol.PathPull, token: ines},
		"research": {method: http.MethodGet, path: protocol.PathResearch + "mall/records", token: rita},
	} {
		var page protocol.PullAnswer
		if err := json.Unmarshal(w.do(t, r).body, &page); err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, item := range page.Items {
			if item.Kind != protocol.ItemDecision {
				continue
			}
			found++
			var whole map[string]any
			if err := json.Unmarshal(item.Body, &whole); err != nil || whole["later"] == nil || whole["received_at"] == nil || whole["made_by"] != "ines" {
				t.Errorf("%s: %s %v", name, item.Body, err)
			}
		}
		if found != 1 {
			t.Errorf("%s: %d decisions", name, found)
		}
	}
	if got := send(protocol.DecisionsRequest{Decisions: make([]json.RawMessage, protocol.MaxDecisions+1)}); got.status != http.StatusRequestEntityTooLarge {
		t.Error(describe(got))
	}
	for _, body := range []any{7, map[string]any{"decisions": 7}} {
		if got := send(body); got.status != http.StatusBadRequest {
			t.Error(describe(got))
		}
	}
	var none protocol.DecisionsAnswer
	if got := send(map[string]any{}); got.status != http.StatusOK || json.Unmarshal(got.body, &none) != nil || none.Receipts == nil {
		t.Error(describe(got))
	}
}
