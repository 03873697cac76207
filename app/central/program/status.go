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
	s.missing(m, status.Missing)
	return s.apart(ctx, m, store, status.Quarantined)
}

// missing lists the pictures that interviews name and that have not arrived. They wait on the devices, and come by themselves.
func (s *state) missing(m *Main, list []centralstore.MissingAttachments) {
	if len(list) == 0 {
		return
	}
	m.print("\nPictures that have not arrived yet; their devices send them when they sync\n")
	rows := [][]string{{"STUDY", "INTERVIEWER", "PICTURES", "OLDEST"}}
	for _, f := range list {
		rows = append(rows, []string{f.Study, f.Interviewer, fmt.Sprint(f.Files), when(time.UnixMilli(f.Oldest))})
	}
	table(m.p.Stdout, rows)
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
