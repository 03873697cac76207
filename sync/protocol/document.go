package protocol

import _ "embed"

// Document is the protocol as an OpenAPI 3.1 document: all that a stranger needs to write a client. Central serves it at PathDocument.
// Tests hold it against this package, against what central answers, and replay its examples.
//
//go:embed openapi.yaml
var Document []byte

// ContentDocument is the content type of Document (RFC 9512).
const ContentDocument = "application/yaml"
