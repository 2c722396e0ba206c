package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
)

// neverSent reports whether an error proves that the server did not work on the
// request: the connection was never made, or an HTTP/2 server said so (RFC
// 9113, section 8.7). Anything else is ambiguous.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok || Permanent(err) {
		return true
	}
	// net/http has no type for these errors. If it changes their texts one day,
	// they become ambiguous, which is safe.
	text := err.Error()
	return strings.Contains(text, "; REFUSED_STREAM; received from peer") || strings.Contains(text, "Server's graceful shutdown GOAWAY")
}

// Permanent reports whether an error would come again however often the call is
// repeated: the server's certificate is not accepted, or the server does not
// speak TLS.
func Permanent(err error) bool {
	var (
		cert   *tls.CertificateVerificationError
		host   x509.HostnameError
		signer x509.UnknownAuthorityError
		record tls.RecordHeaderError
	)
	return errors.As(err, &cert) || errors.As(err, &host) || errors.As(err, &signer) || errors.As(err, &record) ||
		errors.Is(err, http.ErrSchemeMismatch) // roundTrip makes it of a record error
}
