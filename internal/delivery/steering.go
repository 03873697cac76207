package delivery

import (
	"fmt"
	"strings"
)

// QuotaTargets changes how many interviews are wanted in some of a study's quota constraints; Subject is SteeringSubject, Body Steering,
// Reason says why. All such decisions of a study stand in one order, and of each constraint the latest that names it holds.
const QuotaTargets DecisionKind = "quota_targets"

// SteeringSubject is what decisions about a study's targets are about.
const SteeringSubject = "quotas"

// The limits of a Steering.
const (
	MostAims   = 100
	MostTarget = 10_000_000
)

// Aim is what a supervisor wants of one constraint, in place of what the workbook says.
type Aim struct {
	Target int `json:"target"` // completed interviews
	// Closed: no more rights are given out; what is out may still be used.
	Closed bool `json:"closed,omitempty"`
}

// Steering is the body of quota_targets. Room that is moved from one constraint to another names both, so that neither happens alone.
type Steering struct {
	Aims map[string]Aim `json:"aims"` // by the constraint's name
}

// Validate implements DecisionBody.
func (s Steering) Validate(d Decision) error {
	switch {
	case d.Subject != SteeringSubject:
		return InvalidDecision("A change of targets is about the study's " + SteeringSubject + ".")
	case strings.TrimSpace(d.Reason) == "":
		return InvalidDecision("Changing a target needs a reason.")
	case len(s.Aims) == 0 || len(s.Aims) > MostAims:
		return InvalidDecision(fmt.Sprintf("A change names between one and %d quotas.", MostAims))
	}
	for name, aim := range s.Aims {
		if name == "" || len(name) > MostDecisionName || !plainText(name) {
			return InvalidDecision("A quota has a name.")
		}
		if aim.Target < 0 || aim.Target > MostTarget {
			return InvalidDecision(fmt.Sprintf("A target lies between 0 and %d.", MostTarget))
		}
	}
	return nil
}

// QuotaStates is what central knows of a study's quota constraints.
type QuotaStates struct {
	At     int64        `json:"at"` // central's clock, milliseconds UTC
	Quotas []QuotaState `json:"quotas"`
}

// QuotaState is one constraint as central has it. What follows Used is that of hard constraints; others grant no rights.
type QuotaState struct {
	Name        string `json:"name"` // or its account of a day or wave, see study.Study.AccountOn
	Aim                // in force
	Used        int    `json:"used"`        // interviews that count
	Leased      int    `json:"leased"`      // rights that are out with devices
	Busy        int    `json:"busy"`        // of them, with interviews that went on when the devices were heard last
	Devices     int    `json:"devices"`     // that have rights out
	Provisional int    `json:"provisional"` // interviews that came without a right and wait for a person
	Written     int    `json:"written"`     // rights written off with lost devices
}
