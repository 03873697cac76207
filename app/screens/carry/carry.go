// Package carry is where a supervisor lets tablets connect to this laptop where there is no internet: the code that pairs one, which
// tablets are paired, what of theirs is carried and since when, and the rights this laptop lends them. The Model is plain Go; the View draws.
//
// It knows the lists of the laptop's store and a pairing's link; it must not know the network.
package carry

import (
	"context"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	Tablets(ctx context.Context) ([]delivery.Tablet, error)
	// Lending tells what this laptop has of rights in each study.
	Lending(ctx context.Context) ([]delivery.Lending, error)
	Study(ctx context.Context, id string) (study.Study, error)
}

// Model is everything the page shows.
type Model struct {
	On    bool
	Since time.Time // when tablets could connect first
	// Addresses are where this laptop can be reached, as host:port, the likeliest first; Address is the one in the code.
	Addresses []string
	Address   string
	// Link is what the shown code holds; empty where none is shown. Until is when it ends.
	Link  string
	Until time.Time
	// Tablets are those paired, and those shut out of which something is still carried.
	Tablets []delivery.Tablet
	// Lending are the rights to fill quotas that this laptop passes on, by study.
	Lending []Lending
}

// Lending is one study's.
type Lending struct {
	delivery.Lending
	Title study.Text
}

// Server is the service for tablets as it runs, or not.
type Server struct {
	On        bool
	Since     time.Time
	Addresses []string
	// Address and Link are of the code that is shown, until Until.
	Address, Link string
	Until         time.Time
}

// Read reads the page. A code that has ended, or whose address this laptop no longer has, is shown no more.
func Read(ctx context.Context, store Store, server Server, now time.Time) (Model, error) {
	m := Model{On: server.On, Since: server.Since, Addresses: server.Addresses, Address: server.Address}
	if !slices.Contains(m.Addresses, m.Address) {
		m.Address = ""
		if len(m.Addresses) > 0 {
			m.Address = m.Addresses[0]
		}
	} else if now.Before(server.Until) {
		m.Link, m.Until = server.Link, server.Until
	}
	var err error
	if m.Tablets, err = store.Tablets(ctx); err != nil {
		return m, err
	}
	lending, err := store.Lending(ctx)
	if err != nil {
		return m, err
	}
	for _, l := range lending {
		st, err := store.Study(ctx, l.Study)
		if err != nil {
			return m, err
		}
		m.Lending = append(m.Lending, Lending{l, st.Title})
	}
	return m, nil
}
