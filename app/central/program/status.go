package program

import (
	"context"
	"fmt"
	"time"

	"parvis/internal/centralstore"
)

type state struct{ data }

// shownApart is how many quarantined records the overview lists.
const shownApart = 20

// Run prints the overview.
func (s *state) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, s.data, false)
	if err != nil {
		return err
	}
	status, err := store.Status(ctx)
	if err != nil {
		return err
	}
	m.print("Studies\n")
	rows := [][]string{{"STUDY", "VERSION", "INTERVIEWS"}}
	for _, st := range status.Studies {
		rows = append(rows, []string{st.Study.ID, fmt.Sprint(st.Version), fmt.Sprint(st.Interviews)})
	}
	table(m.p.Stdout, rows)
	m.print("\nDevices\n")
	table(m.p.Stdout, deviceRows(m, status.Devices))
	return s.apart(ctx, m, store, status.Quarantined)
}

// apart lists what waits for a person's decision.
func (s *state) apart(ctx context.Context, m *Main, store centralstore.Store, total int) error {
	if total == 0 {
		m.print("\nQuarantine: empty\n")
		return nil
	}
	m.print("\nQuarantine: %s kept whole, waiting for a decision\n", plural(total, "record", "records"))
	entries, err := store.Quarantined(ctx, shownApart)
	if err != nil {
		return err
	}
	rows := [][]string{{"RECEIVED", "INTERVIEWER", "KIND", "RECORD", "WHY"}}
	for _, e := range entries {
		rows = append(rows, []string{when(time.UnixMilli(e.ReceivedAt)), e.Interviewer, fmt.Sprintf("%.20q", string(e.Kind)), fmt.Sprintf("%.40q", e.ID), e.Reason})
	}
	table(m.p.Stdout, rows)
	return nil
}
