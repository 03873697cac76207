// Package fieldstore is the device's memory: studies and their files, shifts, footfall, contacts, drafts and interviews, and the
// outbox of what central has not acknowledged yet. Every call that saves something is one transaction and has reached the disk
// when it returns; what announces a record to central is written in the transaction that makes it; nothing unsent is ever
// deleted, and triggers in the file itself see to it.
//
// It knows SQL and the words of the field; it must not know the network, screens, or how a questionnaire runs.
package fieldstore
