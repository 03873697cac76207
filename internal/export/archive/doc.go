// Package archive keeps what was pulled from central in a folder, so that the next pull fetches only what is new and every export
// starts from everything there is.
//
// It knows files: records.jsonl (one line a record, as JSON anybody can read), records.idx (where each line stands and which
// revision it is), studies (each version of the study), forms (questionnaires by their SHA-256) and state.json (how far the pull
// came). It must not know the network, what a record says, or how it is exported.
//
// A kill at any moment loses nothing and doubles nothing: a page of records is appended and forced to the disk before state.json is
// replaced by one that counts it, and whatever stands behind what state.json counts is cut off when the folder is opened again; the
// cursor has not moved then, so the same page is pulled anew. A folder of an older layout is pulled anew from the beginning: its first
// page is written beside what it held, in the folder anew or out of it, and the state.json that counts it says where.
package archive
