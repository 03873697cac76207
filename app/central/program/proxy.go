package program

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

// proxies are the networks that --proxy-address names.
func (s *serve) proxies() (list []netip.Prefix, err error) {
	if len(s.ProxyAddress) > 0 && !s.BehindProxy {
		return nil, errors.New("--proxy-address goes with --behind-proxy")
	}
	for _, one := range s.ProxyAddress {
		one = strings.TrimSpace(one)
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			ip, err := netip.ParseAddr(one)
			if err != nil {
				return nil, fmt.Errorf("--proxy-address takes addresses and networks, such as 10.0.0.5 or 10.0.0.0/24; %q is neither", one)
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

// onlyFrom closes the connections of everybody else before anything is read from them: who is not the proxy could name itself by any
// address.
type onlyFrom struct {
	net.Listener
	allowed []netip.Prefix
}

// Accept returns the next connection from an allowed address.
func (l *onlyFrom) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.allows(conn.RemoteAddr()) {
			return conn, nil
		}
		_ = conn.Close() // nobody we talk to
	}
}

func (l *onlyFrom) allows(address net.Addr) bool {
	from, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return false
	}
	ip := from.Addr().Unmap().WithZone("")
	for _, one := range l.allowed {
		if one.Contains(ip) {
			return true
		}
	}
	return false
}
