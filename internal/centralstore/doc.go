// Package centralstore keeps what central knows: studies and their files, people and devices, every revision of every record with
// its exact bytes, what had to be quarantined and why, and which sequence numbers have arrived. It decides which records can be
// stored and who may read what. It knows SQL and the types of records; it must not know HTTP, the protocol's wire forms or how a
// workbook is read.
package centralstore
