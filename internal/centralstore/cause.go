package centralstore

import (
	"fmt"

	"parvis/internal/delivery"
)

// Cause is why a record is in quarantine.
type Cause string

// The causes.
const (
	Unreadable    Cause = "unreadable"    // the record's own JSON, or its length
	BadID         Cause = "bad_id"        // not a UUID
	UnknownKind   Cause = "unknown_kind"  // of a newer app
	BadNumber     Cause = "bad_number"    // revision or sequence number
	UnknownStudy  Cause = "unknown_study" // not one of the device's
	UnknownEpoch  Cause = "unknown_epoch" // not one of the device's
	BadSum        Cause = "bad_sum"       // the body's bytes are not what was saved
	BadBody       Cause = "bad_body"      // not what its kind says
	OtherBody     Cause = "other_body"    // speaks of another id or study than its envelope
	Practice      Cause = "practice"      // practice never mixes with real data
	OtherBytes    Cause = "other_bytes"   // the same id and revision are here with other bytes
	OtherDevice   Cause = "other_device"  // the id belongs to another device's record
	OtherKindHere Cause = "other_kind"    // the id belongs to a record of another kind
)

// reason is what a person reads on the device and at central. It says what can be done, and holds nothing of the body.
func reason(c Cause, r delivery.Record) string {
	const kept = " Nothing is lost: central keeps it apart, whole."
	switch c {
	case Unreadable:
		return "Central cannot read this record. Update the app; if that does not help, tell whoever hosts central." + kept
	case BadID:
		return "The record's id is not a UUID. Update the app and tell whoever hosts central." + kept
	case UnknownKind:
		return fmt.Sprintf("Central does not know records of kind %q. Have central updated.", clip(string(r.Kind), 40)) + kept
	case BadNumber:
		return "The record's revision or number is not possible. Tell whoever hosts central." + kept
	case UnknownStudy:
		return fmt.Sprintf("This device is not assigned to study %q. Have the study imported at central and the device enrolled for it.", clip(r.Study, 64)) + kept
	case UnknownEpoch:
		return "The record belongs to an enrolment that is not this device's. Tell your supervisor which device it was made on." + kept
	case BadSum:
		return "The record was damaged on the device or on its way. A supervisor should compare it with the respondent's contact; have the device checked." + kept
	case BadBody:
		return "The record's content is not what its kind says. Update the app; if that does not help, tell whoever hosts central." + kept
	case OtherBody:
		return "The record's content names another id or study than the record. Tell whoever hosts central." + kept
	case Practice:
		return "This is practice. It is not counted and need not be sent." + kept
	case OtherBytes:
		return "A different version of this record was received before under the same number. A supervisor has to decide which one is right." + kept
	case OtherDevice:
		return "A record with this id came from another device before. If this device was set up from a copy of that one, enrol it anew." + kept
	}
	return "A record of another kind has this id already. Tell whoever hosts central." + kept
}
