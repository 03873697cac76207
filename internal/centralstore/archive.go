package centralstore

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A backup is a tar of files, compressed with zstd. The first tells what it is, the last one lists all others with their sums, so
// that a backup that was cut off, or changed anywhere, is known for what it is.
const (
	archiveFormat = 1
	headName      = "head.json"
	manifestName  = "manifest.json"
	mostEntry     = 1 << 30 // a table's part or a file; far more than either has
)

// archiveHead is what a backup says of itself first.
type archiveHead struct {
	Format int       `json:"format"`
	Schema int64     `json:"schema"`
	Made   time.Time `json:"made"`
}

type archiveEntry struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// ErrBackup: the file is no whole backup.
var ErrBackup = errors.New("this is not a whole backup of central")

// archiveWriter writes a backup.
type archiveWriter struct {
	zip     *zstd.Encoder
	tar     *tar.Writer
	made    time.Time
	entries map[string]archiveEntry
}

func newArchive(w io.Writer, head archiveHead) (*archiveWriter, error) {
	zip, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("preparing the backup: %w", err)
	}
	a := &archiveWriter{zip: zip, tar: tar.NewWriter(zip), made: head.Made, entries: map[string]archiveEntry{}}
	data, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("preparing the backup: %w", err)
	}
	return a, a.bytes(headName, data)
}

func (a *archiveWriter) bytes(name string, data []byte) error {
	return a.add(name, int64(len(data)), bytes.NewReader(data))
}

func (a *archiveWriter) add(name string, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: a.made, Format: tar.FormatPAX}); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	sum := sha256.New()
	if _, err := io.Copy(a.tar, io.TeeReader(r, sum)); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	a.entries[name] = archiveEntry{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}
	return nil
}

// close writes the list of all that is in it.
func (a *archiveWriter) close() error {
	data, err := json.Marshal(a.entries)
	if err == nil {
		err = a.bytes(manifestName, data)
	}
	return errors.Join(err, a.tar.Close(), a.zip.Close())
}

// readArchive hands each file of a backup to take, the head excepted, and checks in the end that the list at its end is met. What
// take is given is not verified until readArchive has returned nil.
func readArchive(r io.Reader, take func(head archiveHead, name string, content io.Reader) error) (head archiveHead, err error) {
	zip, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return head, ErrBackup
	}
	defer zip.Close()
	in := tar.NewReader(zip)
	found := map[string]archiveEntry{}
	for {
		at, err := in.Next()
		if err != nil { // its end too: the manifest comes before it
			return head, fmt.Errorf("%w: it was cut off or damaged", ErrBackup)
		}
		if at.Size < 0 || at.Size > mostEntry {
			return head, ErrBackup
		}
		switch at.Name {
		case headName:
			if head, err = readHead(in); err != nil {
				return head, err
			}
		case manifestName:
			if err := checkManifest(in, found); err != nil {
				return head, err
			}
			// To the very end, where the compression's own sum stands.
			if _, err := io.Copy(io.Discard, zip); err != nil {
				return head, fmt.Errorf("%w: it was cut off or damaged", ErrBackup)
			}
			return head, nil
		}
		if head.Format == 0 {
			return head, ErrBackup
		}
		if at.Name == headName {
			data, err := json.Marshal(head)
			if err != nil {
				return head, err
			}
			found[headName] = archiveEntry{Size: int64(len(data)), SHA256: sumOf(data)}
			continue
		}
		if found[at.Name], err = takeEntry(in, at, head, take); err != nil {
			return head, err
		}
	}
}

func takeEntry(in io.Reader, at *tar.Header, head archiveHead, take func(archiveHead, string, io.Reader) error) (archiveEntry, error) {
	sum := &counted{sum: sha256.New(), r: in}
	if err := take(head, at.Name, sum); err != nil {
		return archiveEntry{}, err
	}
	if _, err := io.Copy(io.Discard, sum); err != nil {
		return archiveEntry{}, fmt.Errorf("%w: it was cut off or damaged", ErrBackup)
	}
	return archiveEntry{Size: sum.n, SHA256: hex.EncodeToString(sum.sum.Sum(nil))}, nil
}

func readHead(r io.Reader) (head archiveHead, err error) {
	if err := json.NewDecoder(io.LimitReader(r, 4096)).Decode(&head); err != nil || head.Format < 1 {
		return archiveHead{}, ErrBackup
	}
	if head.Format > archiveFormat {
		return head, fmt.Errorf("this backup was made by a newer version of Parvis (format %d, this program reads %d); update central", head.Format, archiveFormat)
	}
	return head, nil
}

func checkManifest(r io.Reader, found map[string]archiveEntry) error {
	var listed map[string]archiveEntry
	if err := json.NewDecoder(r).Decode(&listed); err != nil {
		return fmt.Errorf("%w: its list of contents is damaged", ErrBackup)
	}
	if len(listed) != len(found) {
		return fmt.Errorf("%w: it should hold %d files and holds %d", ErrBackup, len(listed), len(found))
	}
	for name, entry := range listed {
		if found[name] != entry {
			return fmt.Errorf("%w: the sum of %s is wrong", ErrBackup, name)
		}
	}
	return nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// counted sums what is read through it.
type counted struct {
	sum hash.Hash
	r   io.Reader
	n   int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}
