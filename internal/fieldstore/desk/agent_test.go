package desk_test

import (
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
)

// The laptop's memory is what the agent asks for; it has no outbox but that of decisions.
var (
	_ agent.Store     = (*desk.Store)(nil)
	_ agent.Decisions = (*desk.Store)(nil)
)
