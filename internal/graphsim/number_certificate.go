package graphsim

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
)

// A certificate is the Base64 of a protobuf message. Meta publishes no genuine one. The
// structure is the one that WhatsApp's own protocol uses for verified names:
//
//	VerifiedNameCertificate { bytes details = 1; bytes signature = 2; bytes serverSignature = 3 }
//	Details { uint64 serial = 1; string issuer = 2; string verifiedName = 4; uint64 issueTime = 10 }
//
// The signatures have the real length, but no key: a client cannot verify real ones
// either.

// certificate makes the certificate of a name.
func certificate(serial int64, name string, issued int64) string {
	details := appendVarint(nil, 1, uint64(serial))
	details = appendBytes(details, 2, []byte("smb:wa"))
	details = appendBytes(details, 4, []byte(name))
	details = appendVarint(details, 10, uint64(issued))
	signature := sha512.Sum512(details)
	server := sha512.Sum512(signature[:])
	message := appendBytes(make([]byte, 0, 160+len(details)), 1, details)
	message = appendBytes(message, 2, signature[:])
	message = appendBytes(message, 3, server[:])
	return base64.StdEncoding.EncodeToString(message)
}

func appendVarint(b []byte, field int, v uint64) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3)
	return binary.AppendUvarint(b, v)
}

func appendBytes(b []byte, field int, v []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|2)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

// seesCertificates reports whether Meta serves certificates to the token: to a solution
// partner's, not to that of the business that owns the account.
func (c *call) seesCertificates() bool {
	switch c.token.kind {
	case tokenSystemUser:
		return c.token.can(scopeManagement)
	case tokenBusiness:
		return c.sim.cfg.BusinessTokenCertificates
	}
	return false
}

// certificateOf returns the certificate of the current name. There is one while the
// name may be used, from the time when the ownership of the number was confirmed.
func (c *call) certificateOf(n *number) any {
	usable := n.status == "APPROVED" || n.status == "AVAILABLE_WITHOUT_REVIEW"
	if !usable || n.verified == "NOT_VERIFIED" || !c.seesCertificates() {
		return nil
	}
	return certificate(n.serial, n.name, n.certTime)
}

// newCertificateOf returns the certificate of an approved new name, until the number is
// registered with it.
func (c *call) newCertificateOf(n *number) any {
	if n.newStatus != "APPROVED" || !c.seesCertificates() {
		return nil
	}
	return certificate(n.newSerial, n.newName, n.certTime)
}
