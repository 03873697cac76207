package program

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is one in files, which whoever renews it replaces while central serves. Looking whether a file changed costs a handshake
// nothing, so it is done with each, and no signal or watcher is needed.
type certificate struct {
	certFile, keyFile string
	logger            *slog.Logger

	mu     sync.Mutex
	stamps [2]stamp // of the files when they were read, whether they made sense or not
	loaded *tls.Certificate
}

// stamp tells two states of a file apart.
type stamp struct {
	changed time.Time
	size    int64
}

// get implements tls.Config.GetCertificate.
func (c *certificate) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.current(hello.Context())
}

// current reads the files again where they changed. As long as they make no sense, as while one is replaced and the other not yet, the
// certificate before goes on.
func (c *certificate) current(ctx context.Context) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, err := c.look()
	if err == nil && now == c.stamps && c.loaded != nil {
		return c.loaded, nil
	}
	if err == nil {
		err = c.load()
	}
	if c.loaded == nil {
		return nil, err
	}
	if now != c.stamps {
		c.stamps = now
		if err != nil {
			c.logger.WarnContext(ctx, "the new certificate cannot be read; the one before is used", slog.String("error", err.Error()))
		} else {
			c.logger.InfoContext(ctx, "certificate read", slog.Time("ends", c.loaded.Leaf.NotAfter))
		}
	}
	return c.loaded, nil
}

func (c *certificate) look() (now [2]stamp, err error) {
	for n, path := range []string{c.certFile, c.keyFile} {
		info, failed := os.Stat(path)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("the certificate cannot be read: %w", failed))
			continue
		}
		now[n] = stamp{info.ModTime(), info.Size()}
	}
	return now, err
}

// load keeps what it has where the new one makes no sense.
func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("the certificate cannot be read: %w; --tls-cert and --tls-key name PEM files that belong together", err)
	}
	if pair.Leaf == nil {
		return errors.New("the certificate cannot be read: it is empty")
	}
	c.loaded = &pair
	return nil
}
