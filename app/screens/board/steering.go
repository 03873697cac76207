package board

import (
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// Draft is a change of a target that is being made.
type Draft struct {
	Name   string // the constraint
	Target string // as typed; empty for unchanged
	Close  bool   // nothing more is given out
	With   string // the constraint whose target gives or takes the difference; empty for none
	Reason string
}

// DraftOf begins with a constraint as it stands.
func DraftOf(c Constraint) Draft { return Draft{Name: c.Quota.Name, Close: c.Closed} }

// Change is what a draft comes to for one constraint.
type Change struct {
	Constraint
	Cell     study.Text // the line's label
	To       int
	Close    bool
	Out      int // interviews done and rights out
	TooMany  int // of them beyond what is wanted then, that can still come in
	Give     int // rights that can be given out then
	Reopened bool
}

// Problem is why a draft cannot be saved yet: the key of its words; empty for nothing.
type Problem string

// The problems.
const (
	NoTarget  Problem = "steer.no_target"  // what was typed is no number of interviews
	NoChange  Problem = "steer.no_change"  // it is as it was
	NoReason  Problem = "steer.no_reason"  // nobody will know why
	NotEnough Problem = "steer.not_enough" // the other quota has not so many places
)

// find is a constraint of the board with its line.
func (m Model) find(name string) (c Constraint, line Line, found bool) {
	for _, l := range m.Lines {
		for _, c := range l.Constraints {
			if c.Quota.Name == name {
				return c, l, true
			}
		}
	}
	return c, line, false
}

// Partners are the constraints that room can be moved to or from: of the same place and kind, in other cells.
func (m Model) Partners(name string) (list []Constraint) {
	c, line, found := m.find(name)
	if !found {
		return nil
	}
	for _, l := range m.Lines {
		for _, o := range l.Constraints {
			if l.Key != line.Key && o.Quota.Period == c.Quota.Period && o.Quota.Site == c.Quota.Site && o.Quota.Region == c.Quota.Region && o.Quota.Kind == c.Quota.Kind && !o.Quota.Condition.Always() {
				list = append(list, o)
			}
		}
	}
	return list
}

// Preview is what a draft comes to, and why it cannot be saved yet.
func (m Model) Preview(d Draft) (list []Change, wrong Problem) {
	c, line, found := m.find(d.Name)
	if !found {
		return nil, NoChange
	}
	to := c.Target
	if text := strings.TrimSpace(d.Target); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > delivery.MostTarget {
			return nil, NoTarget
		}
		to = n
	}
	list = append(list, changed(c, line.Label, to, d.Close))
	if other, line, found := m.find(d.With); found && d.With != "" && to != c.Target {
		rest := other.Target + c.Target - to
		if rest < 0 {
			return list, NotEnough
		}
		list = append(list, changed(other, line.Label, rest, other.Closed))
	}
	switch {
	case to == c.Target && d.Close == c.Closed:
		return list, NoChange
	case strings.TrimSpace(d.Reason) == "":
		return list, NoReason
	}
	return list, ""
}

func changed(c Constraint, label study.Text, to int, closed bool) Change {
	ch := Change{Constraint: c, Cell: label, To: to, Close: closed, Out: c.Done + c.Leased, Reopened: c.Closed && !closed}
	may := to + c.Quota.Tolerance
	if closed {
		may = 0
	}
	ch.Give = max(may-ch.Out, 0)
	ch.TooMany = max(ch.Out-max(to+c.Quota.Tolerance, c.Done), 0)
	return ch
}

// Steering is what a draft without problems says to central.
func Steering(list []Change) delivery.Steering {
	s := delivery.Steering{Aims: map[string]delivery.Aim{}}
	for _, c := range list {
		s.Aims[c.Quota.Name] = delivery.Aim{Target: c.To, Closed: c.Close}
	}
	return s
}
