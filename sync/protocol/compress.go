package protocol

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The content encodings both sides understand.
const (
	EncodingZstd = "zstd"
	EncodingGzip = "gzip"
)

// ErrTooLarge is returned for a body that is longer than its limit, compressed or inflated.
var ErrTooLarge = errors.New("the body is longer than its limit")

// ErrDamaged is returned for a body that was cut off or does not inflate. To send it again may help.
var ErrDamaged = errors.New("the body was damaged or cut off on its way")

// ErrEncoding is returned for a content encoding other than zstd, gzip or none.
var ErrEncoding = errors.New("unknown content encoding")

// window is the most a compressed body may look back, which bounds the memory that reading it takes.
const window = 4 << 20

// Inflater reads bodies. It keeps decoders for the next ones and is safe for concurrent use; the zero Inflater is ready.
type Inflater struct{ idle sync.Pool }

// Read reads a body whole, inflating it, and stops at limit inflated bytes, so that a small body cannot become a large one.
func (i *Inflater) Read(body io.Reader, encoding string, limit int64) ([]byte, error) {
	return i.Metered(body, encoding, limit, func(int64) error { return nil })
}

// Metered is as Read; before inflated bytes are kept, take is asked for their number, and its error ends the reading.
func (i *Inflater) Metered(body io.Reader, encoding string, limit int64, take func(int64) error) ([]byte, error) {
	switch encoding {
	case "", "identity":
		return readLimited(Meter(body, take), limit)
	case EncodingGzip:
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, fmt.Errorf("%w: opening the gzip body: %w", ErrDamaged, err)
		}
		return readLimited(Meter(z, take), limit)
	case EncodingZstd:
		return i.zstd(body, limit, take)
	}
	return nil, fmt.Errorf("%w %q", ErrEncoding, encoding)
}

func (i *Inflater) zstd(body io.Reader, limit int64, take func(int64) error) ([]byte, error) {
	z, ok := i.idle.Get().(*zstd.Decoder)
	if !ok {
		var err error
		z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderMaxMemory(4*MaxAnswerBytes))
		if err != nil {
			return nil, fmt.Errorf("opening the zstd body: %w", err)
		}
	}
	defer i.idle.Put(z)
	if err := z.Reset(body); err != nil {
		return nil, fmt.Errorf("opening the zstd body: %w", err)
	}
	data, err := readLimited(Meter(z, take), limit)
	return data, errors.Join(err, z.Reset(nil))
}

// Meter tells take how many bytes were read; its error ends the reading.
func Meter(r io.Reader, take func(int64) error) io.Reader { return &meter{r, take} }

type meter struct {
	io.Reader
	take func(int64) error
}

func (m *meter) Read(into []byte) (int, error) {
	n, err := m.Reader.Read(into)
	if n > 0 {
		if full := m.take(int64(n)); full != nil {
			return 0, full
		}
	}
	return n, err
}

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if int64(len(data)) > limit {
		return nil, ErrTooLarge
	}
	return data, nil
}

// Compressor makes zstd bodies. It is safe for concurrent use.
type Compressor struct{ z *zstd.Encoder }

// NewCompressor makes a Compressor that keeps within the memory of a phone.
func NewCompressor() (*Compressor, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window/4), zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
	if err != nil {
		return nil, fmt.Errorf("making a compressor: %w", err)
	}
	return &Compressor{z: z}, nil
}

// Compress returns the zstd frame of body.
func (c *Compressor) Compress(body []byte) []byte {
	return c.z.EncodeAll(body, make([]byte, 0, len(body)/4))
}
