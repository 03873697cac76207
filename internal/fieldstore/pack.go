package fieldstore

import (
	"fmt"

	"github.com/klauspost/compress/s2"
)

// pack closes what is full of repetition, as XML and JSON are. Packed it is a few pages instead of many, and pages are what a
// durable save costs.
func (v *vault) pack(column, row string, plain []byte) ([]byte, error) {
	return v.close(column, row, s2.Encode(nil, plain))
}

func (v *vault) unpack(column, row string, closed []byte) ([]byte, error) {
	packed, err := v.open(column, row, closed)
	if err != nil {
		return nil, err
	}
	plain, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("%s of %s is damaged: %w", column, row, err)
	}
	return plain, nil
}
