package export

import (
	"encoding/json"
	"fmt"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

func reviewColumns() []string {
	return []string{"interview", "decision", "revision", "result", "reason", "message", "by", "time", "id"}
}

// addDecision writes a row of a decision about an interview. One about something else, or of a kind that this version does not know,
// is passed over.
func (r *renderer) addDecision(body []byte) error {
	var d delivery.StoredDecision
	if err := json.Unmarshal(body, &d); err != nil {
		return fmt.Errorf("the record is not a decision: %w", err)
	}
	said, err := d.Read()
	if err != nil {
		return nil
	}
	var about delivery.Review
	var result delivery.BackCheckResult
	var message string
	switch said := said.(type) {
	case *delivery.Review:
		about = *said
	case *delivery.Rejection:
		about = said.Review
	case *delivery.Comment:
		about = said.Review
	case *delivery.Return:
		about, message = said.Review, said.Message
	case *delivery.BackChecked:
		about, result = said.Review, said.Result
	default:
		return nil
	}
	s := &r.reviews
	s.word(d.Subject)
	s.word(string(d.Kind))
	s.number(int64(about.Revision))
	s.word(string(result))
	s.word(d.Reason)
	s.word(message)
	s.word(d.MadeBy)
	r.moment(s, interview.Moment{UTC: d.Order().At})
	s.word(d.ID)
	s.end()
	return nil
}
