package centralstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"parvis/internal/delivery"
)

// bucket keeps files in an S3-compatible store. minio-go is the client that most of those stores are tested with, and a tenth the size
// of Amazon's own.
type bucket struct {
	client       *minio.Client
	name, prefix string
}

// openBucket reads s3://HOST[:PORT]/BUCKET[/PREFIX][?region=REGION][&insecure=true]. The keys come from the environment:
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the machine's own role where it has one. Without TLS it talks to this machine
// and to a network that is said to be safe by insecure=true.
func openBucket(ctx context.Context, address, part string) (media, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("the address of the media store cannot be read; it looks like s3://s3.eu-west-1.amazonaws.com/BUCKET?region=eu-west-1, and the keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.IAM{},
		}),
		Secure: u.Query().Get("insecure") != "true", Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("opening the media store: %w", err)
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	b := &bucket{client: client, name: name, prefix: strings.TrimLeft(prefix+"/"+part+"/", "/")}
	there, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("opening the media store at %s: %w", u.Host, err)
	}
	if !there {
		return nil, fmt.Errorf("the media store at %s has no bucket %q: make it first", u.Host, name)
	}
	return b, nil
}

func (b *bucket) key(sha256 string) string { return b.prefix + sha256[:2] + "/" + sha256 }

// put sends the file in one piece, which the store takes whole or not at all.
func (b *bucket) put(ctx context.Context, data []byte) (string, error) {
	sum := delivery.Sum(data)
	if info, err := b.client.StatObject(ctx, b.name, b.key(sum), minio.StatObjectOptions{}); err == nil && info.Size == int64(len(data)) {
		return sum, nil
	}
	_, err := b.client.PutObject(ctx, b.name, b.key(sum), bytes.NewReader(data), int64(len(data)),
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	return sum, wrap("keeping a file", err)
}

func (b *bucket) open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error) {
	if !isSum(sha256) {
		return nil, fs.ErrNotExist
	}
	object, err := b.client.GetObject(ctx, b.name, b.key(sha256), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	if _, err := object.Stat(); err != nil {
		if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
			err = fs.ErrNotExist
		}
		return nil, errors.Join(fmt.Errorf("opening a file: %w", err), object.Close())
	}
	return object, nil
}
