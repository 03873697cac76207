package delivery

import "encoding/json"

// PackedDecision is a decision on its way: Body is its JSON as it was made, and is sent as it is.
type PackedDecision struct {
	ID, Study string
	Body      json.RawMessage
}
