package agent

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// checkItems finds what cannot be kept before anything is: a page that the store or a screen would choke on is central's fault, not
// the device's, and keeps nothing from being delivered. Kinds that a newer central knows pass; the store skips them.
func (r *run) checkItems(items []delivery.Item) error {
	for _, item := range items {
		var err error
		switch item.Kind {
		case delivery.ItemRevocation:
			return failed("pulling", Revoked, nil)
		case delivery.ItemRecord:
			err = checkRecord(item.Body)
		case delivery.ItemStudy:
			err = checkStudy(item.Body, r.a.p.Outbox != nil)
		case delivery.ItemMessage:
			err = json.Unmarshal(item.Body, &delivery.Message{})
		case delivery.ItemCard:
			err = json.Unmarshal(item.Body, &delivery.Card{})
		case delivery.ItemAssignments:
			err = checkAssigned(item.Body)
		case delivery.ItemDecision:
			err = json.Unmarshal(item.Body, &delivery.StoredDecision{})
		case delivery.ItemDevice:
			err = json.Unmarshal(item.Body, &delivery.DeviceState{})
		}
		if err != nil {
			return failed("pulling", BadAnswer, fmt.Errorf("a %s cannot be taken: %w", item.Kind, err))
		}
	}
	return nil
}

// checkRecord verifies the sum of a pulled record, which was made where it was written.
func checkRecord(body json.RawMessage) error {
	var s delivery.StoredRecord
	if err := json.Unmarshal(body, &s); err != nil {
		return err
	}
	if delivery.Sum(s.Body) != s.SHA256 {
		return errors.New("its sum is wrong")
	}
	return nil
}

// checkAssigned looks whether a day's assignments say which day.
func checkAssigned(body json.RawMessage) error {
	var day delivery.Assigned
	if err := json.Unmarshal(body, &day); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, day.Date); err != nil || day.Study == "" || day.Interviewer == "" {
		return errors.New("it is of no interviewer's day")
	}
	return nil
}

// checkStudy looks for what every study has, and on a device for the places where interviews are held.
func checkStudy(body json.RawMessage, device bool) error {
	var st study.Study
	if err := json.Unmarshal(body, &st); err != nil {
		return err
	}
	if st.ID == "" || !isSum(st.Form.SHA256) || st.Form.Size <= 0 {
		return errors.New("it names no questionnaire")
	}
	if device && len(st.Sites) == 0 {
		return errors.New("it has no site")
	}
	for _, site := range st.Sites {
		if device && len(site.Entrances) == 0 {
			return errors.New("one of its sites has no entrance")
		}
	}
	for _, m := range st.Media {
		if m.Name == "" || !isSum(m.SHA256) || m.Size < 0 {
			return errors.New("one of its files has no name, size or sum")
		}
	}
	return nil
}

func isSum(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == 32
}
