package protocol

import (
	"bytes"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/klauspost/compress/gzip"

	"parvis/internal/delivery"
)

// Paths of a relay, a supervisor's laptop that carries sealed batches between tablets and central; see package relay. They stand beside
// those of central and are never on the same server.
const (
	PathRelayPair   = "/v1/relay/pair"    // POST RelayPairRequest, without a token -> RelayPairAnswer
	PathRelayBatch  = "/v1/relay/batches" // + "/" + SHA-256 of the body: PUT a sealed batch -> ParcelState
	PathRelayStates = "/v1/relay/states"  // POST RelayStatesRequest -> RelayStatesAnswer
	PathRelayRights = "/v1/relay/rights"  // POST RelayRightsRequest -> RelayRightsAnswer
	PathRelayBlob   = "/v1/relay/blobs"   // + "/" + SHA-256: GET -> the bytes; Range requests resume
)

// Limits of a relay.
const (
	// MaxCarriedBytes is of one sealed batch: a full batch, or one picture at its largest, with what sealing adds.
	MaxCarriedBytes = MaxAttachment + MaxAttachment/2
	// MaxRelayStates is how many batches are asked about at once; MaxRelayReplies is about how many bytes of replies come back at once, the
	// rest with the next question.
	MaxRelayStates  = 200
	MaxRelayReplies = 4 << 20
	// MaxRelayRights is how many studies, and how many constraints in all, a tablet asks for rights in at once.
	MaxRelayRights = 500
	// MaxReplyPull bounds the bodies of the page that a reply has beside the receipts.
	MaxReplyPull = 1 << 20
)

// HandInReply is central's answer to a hand-in file that came with a reply key, for the device that made it: what push and pull would
// have said, but for what central misses, which may have come since. It travels closed by that key; see HandInAnswer.
type HandInReply struct {
	Receipts []Receipt `json:"receipts"`
	// Files are the pictures that are whole at central now, by their SHA-256.
	Files []string `json:"files,omitempty"`
	// Epochs answers what the file said of the device's epochs, one for each; it is left out where the file said nothing, and by a central
	// that heard nothing. What is missing is not said.
	Epochs []EpochGaps `json:"epochs,omitempty"`
	// Leases answer the file's statements of rights, but for those that were not heard: of a study or an epoch that is not the device's, or
	// with a visit that is not the latest.
	Leases []LeaseAnswer `json:"leases,omitempty"`
	// Pull is the PullAnswer the device asked for; left out where it asked for none or its token has ended.
	Pull json.RawMessage `json:"pull,omitempty"`
}

// WriteReply writes a reply's content, not closed yet.
func WriteReply(r HandInReply) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := json.NewEncoder(zip).Encode(r); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// ReadReply reads what WriteReply wrote.
func ReadReply(content []byte) (r HandInReply, err error) {
	zip, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return r, fmt.Errorf("reading a reply: %w", err)
	}
	plain, err := readLimited(zip, MaxAnswerBytes)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(plain, &r)
}

// ReplyAbout is what a reply is closed for: the file with this SHA-256 and no other.
func ReplyAbout(sha256 string) string { return "parvis hand-in reply " + sha256 }

// RelayPairRequest turns a one-time secret, shown on the laptop, into a token for that laptop.
type RelayPairRequest struct {
	Secret string `json:"secret"`
	Name   string `json:"name"` // the interviewer's code, to be shown on the laptop
	// Previous is the token this tablet had for this very laptop: it stays the same tablet, and finds again what it gave.
	Previous string `json:"previous,omitempty"`
}

// RelayPairAnswer is what the tablet keeps of the laptop. The token stands in it once; the laptop keeps a hash.
type RelayPairAnswer struct {
	Name      string   `json:"name"`
	Token     string   `json:"token"`
	Addresses []string `json:"addresses,omitempty"` // where else the laptop listens, as host:port
}

// RelayStatesRequest asks what became of batches, and tells which the device needs no more: it has central's receipts for everything in
// them, by whatever way they came.
type RelayStatesRequest struct {
	Batches []string `json:"batches,omitempty"`
	Settled []string `json:"settled,omitempty"`
}

// RelayStatesAnswer has the state of each batch asked about, but for those whose replies did not fit; ask again for those.
type RelayStatesAnswer struct {
	States []delivery.ParcelState `json:"states"`
	// Online tells that the laptop reached central the last time it tried.
	Online bool `json:"online,omitempty"`
}

// RelayRightsRequest asks a laptop for rights to fill quotas, of those that central granted it to pass on.
type RelayRightsRequest struct {
	Studies []RightsAsked `json:"studies"`
}

// RelayRightsAnswer is what it passed on: totals of what the tablet asked about. Studies and constraints in which the laptop has no rights are
// left out.
type RelayRightsAnswer struct {
	Studies []RightsLent `json:"studies"`
}

// Pairing is what a tablet needs to pair with a laptop: where it is, the beginning of its key's SHA-256, and the one-time secret.
type Pairing struct {
	Address string // host:port
	// Pin is the first 100 bits of the SHA-256 of the laptop's public key, Secret 60 random bits, each in base32.
	Pin, Secret string
}

// pairingText is base32 without padding; it has no 0, 1, 8 and 9, which look like letters.
var pairingText = base32.StdEncoding.WithPadding(base32.NoPadding)

const (
	pinLetters    = 20
	secretLetters = 12
)

// PinOf is the pin for a fingerprint, the SHA-256 in hex; "" where it is none.
func PinOf(fingerprint string) string {
	sum, err := hex.DecodeString(fingerprint)
	if err != nil || len(sum) != 32 {
		return ""
	}
	return pairingText.EncodeToString(sum)[:pinLetters]
}

// PairingSecret makes a secret of at least 8 random bytes.
func PairingSecret(random []byte) string { return pairingText.EncodeToString(random)[:secretLetters] }

// Link is the pairing as a QR code holds it and a person could type it: in capitals and groups of four. What is secret stands in the
// fragment.
func (p Pairing) Link() string {
	var groups []string
	for rest := p.Pin + p.Secret; rest != ""; rest = rest[min(4, len(rest)):] {
		groups = append(groups, rest[:min(4, len(rest))])
	}
	return "https://" + p.Address + "/relay#" + strings.Join(groups, "-")
}

var pairingLink = regexp.MustCompile(`(?i)(?:https://)?([^\s/#@?]+:[0-9]{1,5})/relay/?#((?:[a-z2-7][ -]?){32})`)

// ReadPairing finds a pairing's link in what was pasted or typed; ok is false where there is none.
func ReadPairing(pasted string) (p Pairing, ok bool) {
	const longest = 4096
	if len(pasted) > longest {
		return p, false
	}
	found := pairingLink.FindStringSubmatch(strings.NewReplacer("%23", "#", "%20", " ").Replace(pasted))
	if found == nil {
		return p, false
	}
	u, err := url.Parse("https://" + found[1])
	if err != nil || u.Hostname() == "" {
		return p, false
	}
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(found[2]))
	return Pairing{Address: net.JoinHostPort(strings.ToLower(u.Hostname()), u.Port()), Pin: code[:pinLetters], Secret: code[pinLetters:]}, true
}
