package xlsform

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

// compound reads the container of old Excel files (a "compound file", [MS-CFB]):
// a small file system of named streams in chained sectors.
type compound struct {
	data   []byte
	sector int
	fat    []uint32
}

var errCompound = errors.New("the container is damaged")

const (
	cfbFree       = 0xfffffff0
	cfbMiniCutoff = 4096
	cfbHeaderSize = 512
)

func openCompound(r io.ReaderAt, size int64) (*compound, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), data); err != nil {
		return nil, err
	}
	if len(data) < cfbHeaderSize {
		return nil, errCompound
	}
	shift := binary.LittleEndian.Uint16(data[30:])
	if shift != 9 && shift != 12 {
		return nil, errCompound
	}
	c := &compound{data: data, sector: 1 << shift}
	return c, c.readFAT()
}

func (c *compound) u32(at int) uint32 { return binary.LittleEndian.Uint32(c.data[at:]) }

// bytesOf is a sector's content; the last sector of a file may be cut short.
func (c *compound) bytesOf(n uint32) ([]byte, error) {
	at := (int64(n) + 1) * int64(c.sector)
	if n >= cfbFree || at >= int64(len(c.data)) {
		return nil, errCompound
	}
	return c.data[at:min(at+int64(c.sector), int64(len(c.data)))], nil
}

// readFAT reads the table of chains, whose own sectors are listed in the header
// and in further sectors.
func (c *compound) readFAT() error {
	var list []uint32
	for at := 76; at < cfbHeaderSize; at += 4 {
		list = append(list, c.u32(at))
	}
	next := c.u32(68)
	for hops := 0; next < cfbFree; hops++ {
		b, err := c.bytesOf(next)
		if err != nil || len(b) < c.sector || hops > len(c.data)/c.sector {
			return errCompound
		}
		for i := 0; i+8 <= len(b); i += 4 {
			list = append(list, binary.LittleEndian.Uint32(b[i:]))
		}
		next = binary.LittleEndian.Uint32(b[len(b)-4:])
	}
	for _, n := range list {
		if n >= cfbFree {
			continue
		}
		b, err := c.bytesOf(n)
		if err != nil {
			return err
		}
		for i := 0; i+4 <= len(b); i += 4 {
			c.fat = append(c.fat, binary.LittleEndian.Uint32(b[i:]))
		}
	}
	return nil
}

// chain joins the sectors of a stream.
func (c *compound) chain(first uint32) ([]byte, error) {
	var out []byte
	for n, hops := first, 0; n < cfbFree; hops++ {
		b, err := c.bytesOf(n)
		if err != nil {
			return nil, err
		}
		if int(n) >= len(c.fat) || hops > len(c.fat) {
			return nil, errCompound
		}
		out = append(out, b...)
		n = c.fat[n]
	}
	return out, nil
}

type cfbEntry struct {
	name  string
	kind  byte
	first uint32
	size  uint32
}

func (c *compound) entries() ([]cfbEntry, error) {
	dir, err := c.chain(c.u32(48))
	if err != nil {
		return nil, err
	}
	var out []cfbEntry
	for ; len(dir) >= 128; dir = dir[128:] {
		n := int(binary.LittleEndian.Uint16(dir[64:]))
		if n < 2 || n > 64 {
			continue
		}
		u := make([]uint16, 0, 32)
		for i := 0; i+2 < n; i += 2 {
			u = append(u, binary.LittleEndian.Uint16(dir[i:]))
		}
		out = append(out, cfbEntry{string(utf16.Decode(u)), dir[66],
			binary.LittleEndian.Uint32(dir[116:]), binary.LittleEndian.Uint32(dir[120:])})
	}
	return out, nil
}

// stream is the content of the first stream that bears one of the names; nil
// when there is none.
func (c *compound) stream(names ...string) ([]byte, error) {
	entries, err := c.entries()
	if err != nil || len(entries) == 0 {
		return nil, errCompound
	}
	for _, name := range names {
		for _, e := range entries {
			if e.name == name && e.kind == 2 {
				return c.content(e, entries[0])
			}
		}
	}
	return nil, nil
}

// content reads a stream; short ones lie in small sectors inside the root's.
func (c *compound) content(e, root cfbEntry) ([]byte, error) {
	if e.size >= cfbMiniCutoff {
		b, err := c.chain(e.first)
		if err != nil || len(b) < int(e.size) {
			return b, err
		}
		return b[:e.size], nil
	}
	mini, err := c.chain(root.first)
	if err != nil {
		return nil, err
	}
	table, err := c.chain(c.u32(60))
	if err != nil {
		return nil, err
	}
	var out []byte
	for n, hops := e.first, 0; n < cfbFree; hops++ {
		at := int(n) * 64
		if at+64 > len(mini) || int(n)*4+4 > len(table) || hops > len(table) {
			return nil, errCompound
		}
		out = append(out, mini[at:at+64]...)
		n = binary.LittleEndian.Uint32(table[n*4:])
	}
	return out[:min(len(out), int(e.size))], nil
}
