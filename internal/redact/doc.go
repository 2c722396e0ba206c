// Package redact takes secrets out of texts that come from elsewhere: Meta
// quotes malformed tokens, and a decoder quotes what it could not read.
package redact
