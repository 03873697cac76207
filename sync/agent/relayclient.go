package agent

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// errOtherMachine: who answered at the laptop's address cannot prove to be that laptop.
var errOtherMachine = errors.New("another machine answered at the laptop's address")

// relayTransport speaks to the machine alone whose key's fingerprint trust takes. The laptop's certificate is its own and names nobody,
// so the key takes the place of names and of authorities. There is no proxy: the laptop is on this network.
func relayTransport(trust func(fingerprint string) bool) *http.Transport {
	t := NewTransport()
	t.Proxy = nil
	t.TLSClientConfig = &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // VerifyConnection takes its place, and looks at every connection, resumed ones too
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 || !trust(fingerprintOf(state)) {
				return errOtherMachine
			}
			return nil
		},
	}
	return t
}

// fingerprintOf is the SHA-256 of the other side's public key, in hex.
func fingerprintOf(state tls.ConnectionState) string {
	sum := sha256.Sum256(state.PeerCertificates[0].RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// relayClient makes a client of a laptop at one of its addresses.
func (a *Agent) relayClient(address, token string, trust func(string) bool) (*Client, error) {
	client, err := NewClient(ClientParams{
		Central: "https://" + address, Token: token, Transport: relayTransport(trust), Now: a.p.Now, Logger: a.p.Logger, Patience: relayPatience,
		Compress: a.compress,
	})
	if err != nil {
		return nil, err
	}
	return client, nil
}

// PairRelay exchanges the secret that a laptop shows for a token.
func (c *Client) PairRelay(ctx context.Context, r protocol.RelayPairRequest) (answer protocol.RelayPairAnswer, err error) {
	err = c.post(ctx, "pairing", protocol.PathRelayPair, r, &answer)
	return answer, err
}

// GiveRelay gives a laptop a sealed batch to carry.
func (c *Client) GiveRelay(ctx context.Context, sum string, file []byte) (state delivery.ParcelState, err error) {
	err = c.exchangeJSON(ctx, exchange{
		doing: "giving a batch to the laptop", method: http.MethodPut, path: protocol.PathRelayBatch + "/" + url.PathEscape(sum), body: file,
		contentType: protocol.ContentHandIn,
	}, &state)
	return state, err
}

// RelayStates asks a laptop what became of batches.
func (c *Client) RelayStates(ctx context.Context, r protocol.RelayStatesRequest) (answer protocol.RelayStatesAnswer, err error) {
	err = c.post(ctx, "asking the laptop what arrived", protocol.PathRelayStates, r, &answer)
	return answer, err
}

// RelayRights asks a laptop for rights to fill quotas.
func (c *Client) RelayRights(ctx context.Context, r protocol.RelayRightsRequest) (answer protocol.RelayRightsAnswer, err error) {
	err = c.post(ctx, "asking the laptop for rights", protocol.PathRelayRights, r, &answer)
	return answer, err
}

// RelayChunk gets at most length bytes of a file that a laptop has too, and the file's whole size.
func (c *Client) RelayChunk(ctx context.Context, sum string, offset, length int64) (data []byte, size int64, err error) {
	return c.ranged(ctx, "fetching a file from the laptop", protocol.PathRelayBlob+"/"+url.PathEscape(sum), offset, length)
}
