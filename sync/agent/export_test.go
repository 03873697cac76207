package agent

import (
	"net/http"

	"parvis/internal/delivery"
)

// LaptopClient speaks to the laptop as the agent does, without its manners.
func LaptopClient(r delivery.Relay) *http.Client {
	return &http.Client{Transport: relayTransport(func(fingerprint string) bool { return fingerprint == r.Fingerprint })}
}
