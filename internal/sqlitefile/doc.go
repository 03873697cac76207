// Package sqlitefile opens a SQLite file the one right way: write-ahead log, full synchronisation, foreign keys, overwritten
// deletions, one connection that writes and a few that read, migrations, and a lock that keeps a second process out. It knows
// files, connections and transactions; it must not know what the tables mean.
package sqlitefile
