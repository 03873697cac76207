// Package interview holds the words of the field: shift, footfall, contact, disposition, interview, observation, and the Session
// that conducts one interview over a running questionnaire. It knows what an outcome means and what must be saved when; it must
// not know where things are stored, how they travel or how they look: what it needs saved goes through the Journal its caller
// hands in.
package interview
