// Package agent is the device's side of synchronisation: it enrols or signs in, pulls what central has for it, fetches
// questionnaires and pictures by their SHA-256, and delivers the outbox in batches until central has answered for every record.
// It owns all retrying: resty's own stays off. It knows the protocol and the interfaces of a store; it must not know SQL,
// screens or what a questionnaire is.
package agent
