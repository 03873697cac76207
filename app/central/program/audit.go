package program

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parvis/internal/centralstore"
)

type audit struct {
	Export auditExport `cmd:"" help:"Write the whole audit log to a file."`
	Verify auditVerify `cmd:"" help:"Check that no line of the audit log was changed, taken away or put in between."`
}

type auditExport struct {
	data
	To string `help:"The file: .csv or .jsonl. It must not be there yet." required:"" placeholder:"FILE"`
}

// Run writes line after line, so that a log of any length fits.
func (a *auditExport) Run(ctx context.Context, m *Main) error {
	format := strings.ToLower(filepath.Ext(a.To))
	if format != ".csv" && format != ".jsonl" {
		return fmt.Errorf("%s: write .csv or .jsonl at the end of the name, for the format", a.To)
	}
	store, err := m.open(ctx, a.data, false)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(a.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // it names people
	if err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	out := bufio.NewWriterSize(file, 1<<16)
	write, end := lineWriter(format, out)
	n := 0
	err = store.ExportAudit(ctx, actor(), func(e centralstore.AuditEntry) error {
		n++
		return write(e)
	})
	if err = errors.Join(err, end(), out.Flush(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	m.print("%s: %s.\n", a.To, plural(n, "line", "lines"))
	return nil
}

// exported is a line in JSON; the columns of the CSV are called the same.
type exported struct {
	N       int64  `json:"n"`
	At      string `json:"at"` // ISO 8601, UTC
	Actor   string `json:"actor"`
	Action  string `json:"action"`
	Study   string `json:"study"`
	Subject string `json:"subject"`
	Details string `json:"details"`
	Hash    string `json:"hash"`
}

func lineWriter(format string, out io.Writer) (write func(centralstore.AuditEntry) error, end func() error) {
	line := func(e centralstore.AuditEntry) exported {
		at := time.UnixMilli(e.At).UTC().Format("2006-01-02T15:04:05.000Z")
		return exported{e.N, at, e.Actor, e.Action, e.Study, e.Subject, e.Details, e.Hash}
	}
	if format == ".jsonl" {
		lines := json.NewEncoder(out)
		return func(e centralstore.AuditEntry) error { return lines.Encode(line(e)) }, func() error { return nil }
	}
	table := csv.NewWriter(out)
	head := table.Write([]string{"n", "at", "actor", "action", "study", "subject", "details", "hash"})
	write = func(e centralstore.AuditEntry) error {
		x := line(e)
		return table.Write([]string{strconv.FormatInt(x.N, 10), x.At, tame(x.Actor), tame(x.Action), tame(x.Study), tame(x.Subject), tame(x.Details), x.Hash})
	}
	return write, func() error {
		table.Flush()
		return errors.Join(head, table.Error())
	}
}

// tame keeps a spreadsheet from taking a text for a formula.
func tame(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

type auditVerify struct {
	data
	Kept string `help:"The hash that an earlier verify printed, kept elsewhere: whoever can write into the database can write the whole log anew, but not so that this hash stands in it." placeholder:"HASH"`
}

// Run fails where the log is not what was written.
func (a *auditVerify) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, a.data, false)
	if err != nil {
		return err
	}
	proof, err := store.VerifyAudit(ctx, a.Kept)
	if err != nil {
		return err
	}
	m.print("%s, and each is what was written. The newest is number %d, its hash\n\n    %s\n\n", plural(proof.Lines, "line", "lines"), proof.N, proof.Hash)
	if a.Kept == "" {
		m.print("Keep this hash elsewhere: central audit verify --kept HASH then shows that the log was not written anew as a whole.\n")
	} else {
		m.print("The hash that was kept is in it.\n")
	}
	return nil
}
