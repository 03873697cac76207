package program

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
)

type backup struct {
	data
	To        string   `arg:"" help:"The file to write." type:"path" placeholder:"FILE"`
	Recipient []string `help:"Seal the backup for this age key (age1...), so that only who has its secret half can read it; may be given several times. Left out, the file can be read by whoever has it." placeholder:"KEY"`
}

// Run writes the backup beside its place, reads it again whole, and only then gives it its name.
func (b *backup) Run(ctx context.Context, m *Main) error {
	if _, err := os.Stat(b.To); err == nil {
		return fmt.Errorf("%s is there already; a backup overwrites nothing", b.To)
	}
	store, err := m.open(ctx, b.data, false)
	if err != nil {
		return err
	}
	extra := map[string][]byte{}
	if key, err := os.ReadFile(filepath.Join(b.Data, handInFile)); err == nil {
		extra[handInFile] = key
	}
	beside := b.To + ".part"
	sum, wrote, err := b.write(ctx, store, beside, extra)
	if err == nil && len(b.Recipient) == 0 {
		err = checkBackup(beside, sum)
	}
	if err == nil {
		err = os.Rename(beside, b.To)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	m.print("%s: %s, %s, %s\nsha256 %s\n", b.To, plural(sum.Interviews, "interview", "interviews"), plural(sum.Rows, "row", "rows"), plural(sum.Files, "file", "files"), wrote)
	if len(b.Recipient) == 0 {
		m.print("It was read again and is whole. Keep it where only those go who may read every interview; --recipient seals it.\n")
	} else {
		m.print("It is sealed; try it now and then with: central restore --check %s --key KEYFILE\n", quoted(b.To))
	}
	return nil
}

// write returns the sum of the file as it lies on the disk.
func (b *backup) write(ctx context.Context, store centralstore.Store, path string, extra map[string][]byte) (sum centralstore.Backed, wrote string, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return sum, "", fmt.Errorf("cannot write the backup: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(file, hash), 1<<20)
	to := io.WriteCloser(plainWriter{out})
	if len(b.Recipient) > 0 {
		if to, err = seal.Writer(out, b.Recipient); err != nil {
			return sum, "", err
		}
	}
	if sum, err = store.Backup(ctx, to, extra); err != nil {
		return sum, "", err
	}
	err = errors.Join(to.Close(), out.Flush(), file.Sync())
	return sum, hex.EncodeToString(hash.Sum(nil)), err
}

// plainWriter has nothing to close.
type plainWriter struct{ io.Writer }

func (plainWriter) Close() error { return nil }

func checkBackup(path string, want centralstore.Backed) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	got, err := centralstore.CheckBackup(bufio.NewReaderSize(file, 1<<20))
	if err == nil && (got.Rows != want.Rows || got.Files != want.Files) {
		err = centralstore.ErrBackup
	}
	if err != nil {
		return fmt.Errorf("the backup was written and cannot be read again: %w", err)
	}
	return nil
}

type restore struct {
	data
	From  string `arg:"" help:"The backup." type:"existingfile" placeholder:"FILE"`
	Key   string `help:"The file with the secret half of the key that the backup was sealed for." type:"existingfile" placeholder:"KEYFILE"`
	Check bool   `help:"Only read the backup whole and say whether it is one; nothing is restored."`
}

// Run verifies the backup whole before it makes anything.
func (r *restore) Run(ctx context.Context, m *Main) error {
	if r.Check {
		file, err := r.open()
		if err != nil {
			return err
		}
		defer file.Close()
		sum, err := centralstore.CheckBackup(file)
		if err != nil {
			return err
		}
		m.print("%s is whole: %s, %s\n", r.From, plural(sum.Rows, "row", "rows"), plural(sum.Files, "file", "files"))
		return nil
	}
	sum, extra, err := centralstore.Restore(ctx, m.storeParams(r.data), r.open)
	if err != nil {
		return err
	}
	if err := r.keep(m, extra); err != nil {
		return err
	}
	m.print("Restored %s, %s, %s.\n\n", plural(sum.Interviews, "interview", "interviews"), plural(sum.Rows, "row", "rows"), plural(sum.Files, "file", "files"))
	m.print("Start it with: central serve%s\n\n"+
		"What happened after the backup was made is not in it:\n"+
		"  devices see what is missing and send it again by themselves;\n"+
		"  whoever was shut out or lost a role since then must be shut out again: central device list, central user list;\n"+
		"  enrolment codes that were open are ended: make new ones.\n", r.flag())
	return nil
}

// keep puts the key for handed-in files back. The restored data belong with it, so another one that is there gives way, and is kept.
func (r *restore) keep(m *Main, extra map[string][]byte) error {
	key, path := extra[handInFile], filepath.Join(r.Data, handInFile)
	if len(key) == 0 {
		return nil
	}
	if err := os.MkdirAll(r.Data, 0o700); err != nil {
		return err
	}
	there, err := os.ReadFile(path)
	if bytes.Equal(there, key) {
		return nil
	}
	if err == nil {
		aside := path + m.p.Now().UTC().Format(".20060102T150405")
		if err := os.Rename(path, aside); err != nil {
			return err
		}
		m.print("%s was another key and is now %s; the backup's own is in its place.\n", path, aside)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(key)
	return errors.Join(err, file.Sync(), file.Close())
}

// open opens the backup from its beginning.
func (r *restore) open() (io.ReadCloser, error) {
	file, err := os.Open(r.From)
	if err != nil || r.Key == "" {
		return file, err
	}
	text, err := os.Open(r.Key)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	defer text.Close()
	keys, err := seal.ReadKeys(text)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	opened, err := seal.Reader(keys, bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{opened, file}, nil
}

type doctor struct {
	data
	Whole bool `help:"Read every record and file too and compare its sum; that takes as long as reading them."`
}

// errIll ends the doctor's visit with status 1.
var errIll = errors.New("something is wrong; what was found above says what to do")

// Run prints what was found, the worst last.
func (d *doctor) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, d.data, false)
	if err != nil {
		return err
	}
	ill := d.place(m)
	store.Doctor(ctx, d.Whole, func(f centralstore.Finding) {
		ill = ill || f.Grade == centralstore.Ill
		m.finding(f)
	})
	if ill {
		return errIll
	}
	return nil
}

// place looks at the data folder itself.
func (d *doctor) place(m *Main) (ill bool) {
	path := filepath.Join(d.Data, handInFile)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m.finding(centralstore.Finding{Check: "keys", Grade: centralstore.Watch, Text: "there is no " + handInFile + " yet; central serve makes it"})
	case err != nil:
		m.finding(centralstore.Finding{Check: "keys", Grade: centralstore.Ill, Text: err.Error()})
		return true
	case info.Mode().Perm()&0o077 != 0:
		m.finding(centralstore.Finding{Check: "keys", Grade: centralstore.Ill, Text: "others can read " + path + ": chmod 600 it"})
		return true
	}
	return false
}

func (m *Main) finding(f centralstore.Finding) {
	mark := map[centralstore.Grade]string{centralstore.Well: "ok   ", centralstore.Watch: "look ", centralstore.Ill: "ILL  "}[f.Grade]
	m.print("%s %-11s %s\n", mark, f.Check, f.Text)
}

type recount struct{ data }

// Run counts anew.
func (r *recount) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, r.data, false)
	if err != nil {
		return err
	}
	if err := store.Recount(ctx, actor()); err != nil {
		return err
	}
	m.print("Counted anew.\n")
	return nil
}
