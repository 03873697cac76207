// Package endpoint is central's side of the protocol over net/http: it decodes and bounds what comes, asks central's store, and
// answers. It knows HTTP and the protocol; it must not know SQL or how a workbook is read. Nothing that is secret or personal
// reaches its log: no token, code, password, body, user name or address.
package endpoint
