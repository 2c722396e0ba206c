package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
)

// neverSent tells whether an error proves that no byte of the request reached
// the server: the connection was never made. Anything later is ambiguous.
func neverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns) || Permanent(err)
}

// Permanent tells whether an error would be met again however often the call
// is repeated: the server's certificate is not accepted, or what answers does
// not speak TLS.
func Permanent(err error) bool {
	var (
		cert   *tls.CertificateVerificationError
		host   x509.HostnameError
		signer x509.UnknownAuthorityError
		record tls.RecordHeaderError
	)
	return errors.As(err, &cert) || errors.As(err, &host) || errors.As(err, &signer) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch) // which is what http.Client makes of a record error
}
