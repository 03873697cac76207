package centralstore

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// media keeps files under their SHA-256, for ever. A file is there whole or not at all, and may be put by several centrals at once.
type media interface {
	// put returns when the file is safe; it returns its SHA-256.
	put(ctx context.Context, data []byte) (sha256 string, err error)
	// open fails with fs.ErrNotExist for a file that is not there and for a name that is no SHA-256.
	open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// openMedia opens one of the two places for files; part is its name.
func openMedia(ctx context.Context, p Params, part string) (media, error) {
	if strings.HasPrefix(p.Media, "s3://") {
		return openBucket(ctx, p.Media, part)
	}
	dir := p.Media
	if dir == "" {
		dir = p.Dir
	}
	f := folder{filepath.Join(dir, part)}
	return f, wrap("making a folder for files", os.MkdirAll(f.dir, 0o700))
}

// isSum tells a SHA-256 in lower-case hex from everything else, so that no name leads elsewhere.
func isSum(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}
