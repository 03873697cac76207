package fieldstore_test

import (
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/sync/agent"
)

// The device's memory is what the agent and a session ask for.
var (
	_ agent.Store       = (*fieldstore.Store)(nil)
	_ agent.Outbox      = (*fieldstore.Store)(nil)
	_ interview.Journal = (*fieldstore.Store)(nil)
)
