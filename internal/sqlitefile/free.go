package sqlitefile

import (
	"context"
	"path/filepath"
)

// Free is how many bytes more the file can take: what the storage has left, or less where the file is capped. It is -1 where the
// system does not say and nothing caps the file.
func (f *File) Free(ctx context.Context) (int64, error) {
	left, known := freeSpace(filepath.Dir(f.path))
	if !known {
		left = -1
	}
	if !f.capped {
		return left, nil
	}
	var page, pages, most, unused int64
	for pragma, to := range map[string]*int64{"page_size": &page, "page_count": &pages, "max_page_count": &most, "freelist_count": &unused} {
		// The cap belongs to the connection that writes.
		if err := f.writer.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(to); err != nil {
			return 0, translate(err)
		}
	}
	within := (max(most-pages, 0) + unused) * page
	if left < 0 {
		return within, nil
	}
	return min(left, within), nil
}
