package agent

import (
	"net"
	"net/url"
	"strings"
)

// Address makes a base URL out of what a person typed: https:// is added, a trailing slash taken off. It refuses plain HTTP to any
// machine but this one.
func Address(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if !strings.Contains(typed, "://") {
		typed = scheme(strings.TrimRight(typed, "/")) + typed
	}
	u, err := url.Parse(strings.TrimRight(typed, "/"))
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", failed("reading the address", BadAddress, err)
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return u.String(), nil
	case u.Scheme == "http":
		return "", failed("reading the address", Insecure, nil)
	}
	return "", failed("reading the address", BadAddress, nil)
}

// scheme is what a bare host most likely means: this machine serves plain HTTP, any other one TLS.
func scheme(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	if loopback(host) {
		return "http://"
	}
	return "https://"
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
