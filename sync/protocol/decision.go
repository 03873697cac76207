package protocol

import (
	"encoding/json"

	"parvis/internal/delivery"
)

// What a supervisor decides is the same at rest and on the wire.
type (
	Decision        = delivery.Decision
	StoredDecision  = delivery.StoredDecision
	DecisionReceipt = delivery.DecisionReceipt
)

// DecisionsRequest hands central what a person decided, MaxDecisions at most, in the order in which it was made. Each is the JSON of a
// Decision, made once and sent as it was kept: its bytes without white space are what is compared when it comes again.
type DecisionsRequest struct {
	Decisions []json.RawMessage `json:"decisions"`
}

// DecisionsAnswer has a receipt for each decision, in their order.
type DecisionsAnswer struct {
	Receipts []DecisionReceipt `json:"receipts"`
}

// PathDecisions is where the decisions of a study are sent; study stands in it as it is in an address.
func PathDecisions(study string) string { return PathStudies + "/" + study + PathDecisionsEnd }

// PathQuotas is where the states of a study's quotas are asked for; study stands in it as it is in an address.
func PathQuotas(study string) string { return PathResearch + study + "/quotas" }

// PathPlan is where a study's assignments are asked for; study stands in it as it is in an address.
func PathPlan(study string) string { return PathResearch + study + "/assignments" }
