package fieldstore

import (
	"fmt"

	"github.com/klauspost/compress/s2"
)

// A snapshot is XML and full of repetition. Packed it is a few pages instead of many, and pages are what a durable save costs.
func pack(snapshot []byte) []byte { return s2.Encode(nil, snapshot) }

func unpack(packed []byte) ([]byte, error) {
	snapshot, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("the saved questionnaire is damaged: %w", err)
	}
	return snapshot, nil
}
