package centralstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parvis/internal/delivery"
)

// Decide takes in what a person decided, one after the other, each in a transaction of its own: it is kept, done and noted in the audit
// log, or nothing of it is. There is a receipt for each, in their order. raw is the JSON of each as it came. It fails as a whole with
// NotFound and Forbidden, where the person decides nothing in the study.
func (s *store) Decide(ctx context.Context, who Principal, study string, raw []json.RawMessage) ([]delivery.DecisionReceipt, error) {
	if who.IsDevice() || !who.Sees(study) {
		return nil, fail(NotFound, "There is no study %s.", clip(study, 64))
	}
	r := who.reaches(study, Supervisor)
	if !r.records {
		return nil, fail(Forbidden, "Deciding needs the role of a supervisor in the study.")
	}
	if err := s.hasStudy(ctx, study); err != nil {
		return nil, err
	}
	receipts := make([]delivery.DecisionReceipt, len(raw))
	for i, whole := range raw {
		d, refused := readDecision(who, study, whole)
		receipts[i] = delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused}
		if refused == nil {
			err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
				receipts[i].Status, err = s.decide(ctx, tx, d, r)
				return err
			})
			if err != nil && !errors.As(err, &refused) {
				return nil, err
			}
		}
		if refused != nil {
			receipts[i] = delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: refused.code, Reason: refused.words, Retryable: refused.later}
		}
	}
	return receipts, nil
}

func (s *store) hasStudy(ctx context.Context, study string) error {
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		found, err := texts(ctx, tx, `SELECT id FROM studies WHERE id = $1`, study)
		if err == nil && len(found) == 0 {
			return fail(NotFound, "There is no study %s.", clip(study, 64))
		}
		return wrap("reading the study", err)
	})
}

// refusal is why one decision is not taken; the others are not touched by it.
type refusal struct {
	code  delivery.DecisionCode
	words string
	later bool // it may be taken later, as it is
}

func (r *refusal) Error() string { return r.words }

// decision is one on its way in.
type decision struct {
	delivery.StoredDecision
	said    delivery.DecisionBody // its body, valid
	who     Principal
	compact []byte
	sum     string
	about   subject
}

// subject is what a decision is about, as central knows it.
type subject struct {
	site string // where it lies; "" for the whole study
	// sites are those it lies at, where that may be several, or none; nil where site says it all.
	sites       []string
	interviewer string // whose it is, where it is somebody's
	revision    int    // the newest one of a record
}

// readDecision looks at all that can be said without the database.
func readDecision(who Principal, study string, whole []byte) (d decision, refused *refusal) {
	d.who = who
	if err := json.Unmarshal(whole, &d.Decision); err != nil || len(whole) > delivery.MostDecision {
		return d, &refusal{code: delivery.DecisionInvalid, words: "The decision cannot be read."}
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, whole); err != nil {
		return d, &refusal{code: delivery.DecisionInvalid, words: "The decision cannot be read."}
	}
	d.compact, d.sum = compact.Bytes(), delivery.Sum(compact.Bytes())
	var err error
	d.said, err = d.Read()
	switch {
	case errors.Is(err, delivery.ErrUnknownDecision):
		return d, &refusal{code: delivery.DecisionUnknown, words: "Central does not know this kind of decision yet: it has to be updated first.", later: true}
	case err != nil:
		return d, &refusal{code: delivery.DecisionInvalid, words: err.Error()}
	case d.Study != study:
		return d, &refusal{code: delivery.DecisionInvalid, words: "The decision is of another study."}
	case !strings.EqualFold(d.MadeBy, who.User):
		return d, &refusal{code: delivery.DecisionForbidden, words: "Another person made this decision, and has to send it."}
	}
	return d, nil
}

// decider is what central does with a kind of decision.
type decider struct {
	// where finds the subject; false where there is none, or none any more.
	where func(ctx context.Context, tx *sql.Tx, d decision) (subject, bool, error)
	// apply does what was decided. It may refuse with a *refusal.
	apply func(ctx context.Context, tx *sql.Tx, d decision) (effect, error)
}

// deciders has every kind that delivery.Decision.Read knows: one line each.
func (s *store) deciders() map[delivery.DecisionKind]decider {
	return map[delivery.DecisionKind]decider{
		delivery.ReviewAccept:  {whereInterview, s.applyReview},
		delivery.ReviewReject:  {whereInterview, s.applyReview},
		delivery.ReviewReturn:  {whereInterview, s.applyReturn},
		delivery.ReviewComment: {whereInterview, changesNothing},
		delivery.BackCheck:     {whereInterview, applyBackCheck},
		delivery.QuotaTargets:  {whereQuotas, applySteering},
		delivery.Assignments:   {wherePlan, s.applyPlan},
	}
}

// effect is how the subject stood before a decision and stands after it, in the words of its kind; the same where the decision is
// overruled by a later one that came before.
type effect struct{ before, after string }

func changesNothing(context.Context, *sql.Tx, decision) (effect, error) { return effect{}, nil }

// decide keeps a decision and does it.
func (s *store) decide(ctx context.Context, tx *sql.Tx, d decision, r reach) (delivery.DecisionStatus, error) {
	// First, since it holds the study's row: decisions of a study are taken one after the other.
	n, err := s.advance(ctx, tx, d.Study, 1, 0)
	if err != nil {
		return "", err
	}
	kept, err := texts(ctx, tx, `SELECT sha256 FROM decisions WHERE study = $1 AND id = $2`, d.Study, d.ID)
	switch {
	case err != nil:
		return "", fmt.Errorf("looking for the decision: %w", err)
	case len(kept) > 0 && kept[0] == d.sum:
		return delivery.DecisionDuplicate, nil
	case len(kept) > 0:
		return "", &refusal{code: delivery.DecisionConflict, words: "Central has another decision under the same id."}
	}
	doing, known := s.deciders()[d.Kind]
	if !known {
		return "", fmt.Errorf("nobody says what to do with a decision of kind %s", d.Kind)
	}
	if d.about, err = findSubject(ctx, tx, d, r, doing.where); err != nil {
		return "", err
	}
	d.ReceivedAt = s.now()
	if _, err := tx.ExecContext(ctx, `INSERT INTO decisions (study, id, n, kind, subject, site, at, made_by, received_at, sha256, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, d.Study, d.ID, n, string(d.Kind), d.Subject, d.about.site, d.Order().At, d.MadeBy,
		d.ReceivedAt, d.sum, d.compact); err != nil {
		return "", fmt.Errorf("keeping the decision: %w", err)
	}
	change, err := doing.apply(ctx, tx, d)
	if err != nil {
		return "", err
	}
	return delivery.DecisionApplied, s.decided(ctx, tx, d, change)
}

// findSubject is where a decision's scope is looked at. What lies out of it does not differ from what is not there.
func findSubject(ctx context.Context, tx *sql.Tx, d decision, r reach, where func(context.Context, *sql.Tx, decision) (subject, bool, error)) (subject, error) {
	about, found, err := where(ctx, tx, d)
	if err != nil {
		return about, err
	}
	within, err := r.filter(ctx, tx, d.Study)
	if err != nil {
		return about, err
	}
	if !found || !within.holds(about) {
		return about, &refusal{code: delivery.DecisionNoSubject, words: "Central has nothing of this name that you may decide about, or not yet.", later: true}
	}
	return about, nil
}

// holds tells whether all that a decision is about lies within a filter.
func (f filter) holds(about subject) bool {
	if about.sites == nil {
		return f.all || slices.Contains(f.sites, about.site)
	}
	return f.all || !slices.ContainsFunc(about.sites, func(site string) bool { return !slices.Contains(f.sites, site) })
}

// decided is called once for every decision that was done, in its transaction: whatever else follows from it hooks in here, such as the
// ledger, which gets back the place of an interview that was rejected, and counts one that was accepted.
func (s *store) decided(ctx context.Context, tx *sql.Tx, d decision, change effect) error {
	detail := string(d.Kind)
	if change.before != change.after {
		detail = fmt.Sprintf("%s: %s -> %s", d.Kind, change.before, change.after)
	}
	// Whoever accepts once more wants it to count, also where there was no room the last time.
	if again := d.Kind == delivery.ReviewAccept && change.after == string(delivery.ReviewAccepted); again || change.before != change.after {
		if err := refile(ctx, tx, d, change); err != nil {
			return err
		}
	}
	return s.audit(ctx, tx, d.who.Name(), "decided", d.Study, "subject:"+d.Subject, detail)
}

// decisionChanges are the decisions of a study within a filter, at most limit; full tells that there may be others.
func decisionChanges(ctx context.Context, tx *sql.Tx, id string, since int64, f filter, limit int) (list []numbered, full bool, err error) {
	args := []any{id, since, limit}
	rows, err := tx.QueryContext(ctx, `SELECT n, id, received_at, body, `+filedState("decisions.subject")+` FROM decisions WHERE study = $1 AND n > $2`+f.where(&args)+` ORDER BY n LIMIT $3`, args...)
	if err != nil {
		return nil, false, fmt.Errorf("reading decisions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c numbered
		var at int64
		var body []byte
		var filed string
		if err := rows.Scan(&c.n, &c.entry.ID, &at, &body, &filed); err != nil {
			return nil, false, fmt.Errorf("reading decisions: %w", err)
		}
		apart, err := provisional(filed)
		if err != nil {
			return nil, false, err
		}
		// every member that a newer laptop wrote goes on to the others
		c.entry.Decision = fmt.Appendf(body[:len(body)-1], `,"received_at":%d`, at)
		if apart {
			c.entry.Decision = append(c.entry.Decision, `,"provisional":true`...)
		}
		c.entry.Decision = append(c.entry.Decision, '}')
		c.bytes = len(c.entry.Decision)
		list = append(list, c)
	}
	return list, len(list) == limit, wrap("reading decisions", rows.Err())
}
