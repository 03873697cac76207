// Package guard bounds what strangers on a network can take of whoever listens: how often an address or a token may come, how much it
// may do at once, and how many connections are open. Central and a supervisor's laptop that relays for tablets both stand behind it.
//
// It knows addresses, connections and counts; it must not know what is asked, nor by whom.
package guard

import (
	"crypto/sha256"
	"net"
	"net/netip"
)

// Rate is how much comes back in a second, and how much there is at most.
type Rate struct {
	PerSecond float64
	AtOnce    int
}

// Or is the rate, or usual where it is zero.
func (r Rate) Or(usual Rate) Rate {
	if r == (Rate{}) {
		return usual
	}
	return r
}

// TokenKey is what a limiter remembers of a token: not the token.
func TokenKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return string(sum[:16])
}

// Network is where an address, with its port or without, belongs: an IPv4 address, or the 64 bits of an IPv6 address that one customer
// usually has.
func Network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		prefix, err := ip.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}
