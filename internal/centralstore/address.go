package centralstore

import "net/url"

// DatabaseName is the address of a database as it may be shown: without password and parameters.
func DatabaseName(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "PostgreSQL" // words such as host=db1 password=..., or what nobody can read
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.User != nil {
		shown.User = url.User(u.User.Username())
	}
	return shown.String()
}
