package fieldstore

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/klauspost/compress/s2"
)

// packStep is what packed bytes are filled up to, in bytes. A snapshot then keeps its length from answer to answer, and SQLite
// overwrites its pages where they lie instead of freeing and taking some; nor does a length tell how much was said.
const packStep = 1024

// pack closes what is full of repetition, as XML and JSON are. Packed it is a few pages instead of many, and pages are what a
// durable save costs.
func (v *vault) pack(column, row string, plain []byte) ([]byte, error) {
	room, _ := v.rooms.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
	}
	defer v.rooms.Put(room)
	*room = slices.Grow((*room)[:0], 4+s2.MaxEncodedLen(len(plain))+packStep)
	packed := (*room)[:cap(*room)]
	n := len(s2.Encode(packed[4:], plain))
	binary.BigEndian.PutUint32(packed, uint32(n))
	filled := (4 + n + packStep - 1) / packStep * packStep
	clear(packed[4+n : filled])
	return v.close(column, row, packed[:filled])
}

func (v *vault) unpack(column, row string, closed []byte) ([]byte, error) {
	packed, err := v.open(column, row, closed)
	if err != nil {
		return nil, err
	}
	if len(packed) < 4 || int(binary.BigEndian.Uint32(packed)) > len(packed)-4 {
		return nil, fmt.Errorf("%s of %s is damaged", column, row)
	}
	plain, err := s2.Decode(nil, packed[4:4+binary.BigEndian.Uint32(packed)])
	if err != nil {
		return nil, fmt.Errorf("%s of %s is damaged: %w", column, row, err)
	}
	return plain, nil
}
