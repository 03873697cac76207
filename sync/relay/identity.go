package relay

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// identity is what the laptop proves to be itself by.
type identity struct {
	certificate tls.Certificate
	fingerprint string // SHA-256 of the public key, in hex
}

// identify reads the laptop's key and certificate, or makes them. Tablets go by the key, so the certificate names nobody and lasts.
func identify(ctx context.Context, store Store, now time.Time) (id identity, err error) {
	certificate, key, err := store.RelayIdentity(ctx)
	if err != nil {
		return id, err
	}
	if certificate == nil {
		if certificate, key, err = newIdentity(now); err != nil {
			return id, fmt.Errorf("making this laptop's certificate: %w", err)
		}
		if err := store.SaveRelayIdentity(ctx, certificate, key); err != nil {
			return id, err
		}
	}
	if id.certificate, err = tls.X509KeyPair(certificate, key); err != nil {
		return id, fmt.Errorf("reading this laptop's certificate: %w", err)
	}
	sum := sha256.Sum256(id.certificate.Leaf.RawSubjectPublicKeyInfo)
	id.fingerprint = hex.EncodeToString(sum[:])
	return id, nil
}

// lasts is how long a certificate is valid; nobody looks, but some libraries refuse one without an end.
const lasts = 20 * 365 * 24 * time.Hour

func newIdentity(now time.Time) (certificate, key []byte, err error) {
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Parvis laptop"}, NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(lasts),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), nil
}
