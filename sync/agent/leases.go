package agent

import (
	"context"
	"errors"
	"net/http"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Leases are the device's rights to fill quotas.
type Leases interface {
	// Statements is what is to be said of all rights the present central granted, by study and epoch, and of studies with quotas in which it
	// has granted none yet, or grants none: the answer tells their targets.
	Statements(ctx context.Context) ([]delivery.LeaseStatement, error)
	// Leased keeps what central answered, targets included, and gives back what is free beyond what it should be; again tells that central should hear of
	// that now.
	Leased(ctx context.Context, answers []delivery.LeaseAnswer) (again bool, err error)
}

// Leases says what the device holds, and asks what it should have.
func (c *Client) Leases(ctx context.Context, statements []delivery.LeaseStatement) (a protocol.LeasesAnswer, err error) {
	return a, c.postWith(ctx, "settling quotas", protocol.PathLeases, telling(c.epochs[:min(len(c.epochs), 1)]), protocol.LeasesRequest{Statements: statements}, &a)
}

// lease settles the device's rights: first what it gives back on its own, then once more what central asked back, so that others may have
// it. It comes before records are delivered, since it is small and others wait for it. An older central knows nothing of it.
func (r *run) lease(ctx context.Context) error {
	const doing = "settling quotas"
	out := r.a.p.Outbox
	if out == nil {
		return nil
	}
	for again, rounds := true, 0; again && rounds < 2; rounds++ {
		statements, err := out.Statements(ctx)
		if err != nil {
			return stored(ctx, doing, err)
		}
		if again = false; len(statements) == 0 {
			return nil
		}
		for len(statements) > 0 {
			part := statements[:min(len(statements), protocol.MaxLeaseStatements)]
			statements = statements[len(part):]
			got, err := r.client.Leases(ctx, part)
			if err != nil {
				return withoutLeases(err)
			}
			more, err := out.Leased(ctx, got.Answers)
			if err != nil {
				return stored(ctx, doing, err)
			}
			again = again || more
		}
	}
	return nil
}

// withoutLeases takes a central that has no such address for an older one.
func withoutLeases(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Reason == Refused && e.Problem != nil && e.Problem.Status == http.StatusNotFound {
		return nil
	}
	return err
}
