package endpoint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/klauspost/compress/gzip"

	"parvis/sync/protocol"
)

// leastWorth is the length from which compressing an answer is worth it.
const leastWorth = 256

// compressors makes answers short.
type compressors struct{ zstd *protocol.Compressor }

func newCompressors() (*compressors, error) {
	zstd, err := protocol.NewCompressor()
	if err != nil {
		return nil, err
	}
	return &compressors{zstd: zstd}, nil
}

// encode picks zstd before gzip before nothing.
func (c *compressors) encode(data []byte, accepted string) (body []byte, encoding string) {
	if len(data) < leastWorth {
		return data, ""
	}
	switch {
	case accepts(accepted, protocol.EncodingZstd):
		return c.zstd.Compress(data), protocol.EncodingZstd
	case accepts(accepted, protocol.EncodingGzip):
		if zipped, err := gzipped(data); err == nil {
			return zipped, protocol.EncodingGzip
		}
	}
	return data, ""
}

func gzipped(data []byte) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		return nil, fmt.Errorf("compressing the answer: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compressing the answer: %w", err)
	}
	return out.Bytes(), nil
}

// accepts reads the header Accept-Encoding; a weight of 0 means no.
func accepts(header, encoding string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight = strings.ReplaceAll(weight, " ", "")
			return !strings.HasPrefix(weight, "q=0") || strings.HasPrefix(weight, "q=0.") && strings.Trim(weight[4:], "0") != ""
		}
	}
	return false
}
