package phonenumbers

import (
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Number is a business phone number. Fields that were not asked for, and fields
// that the token may not see, are zero.
type Number struct {
	ID graph.PhoneNumberID `json:"id"`
	// DisplayPhoneNumber is formatted for people. To compare numbers, use
	// Digits.
	DisplayPhoneNumber string `json:"display_phone_number"`
	// VerifiedName is the current display name. It may not be approved yet: see
	// NameStatus.
	VerifiedName string `json:"verified_name"`
	// NameStatus is the state of the review of VerifiedName.
	NameStatus NameStatus `json:"name_status"`
	// Certificate belongs to the current name. It is Base64 text that Graph does
	// not explain.
	Certificate string `json:"certificate"`
	// NewNameStatus is the state of the review of a requested name. It is empty
	// if no name was requested.
	NewNameStatus NameStatus `json:"new_name_status"`
	// NewCertificate belongs to an approved new name, until the number is
	// registered with it.
	NewCertificate string `json:"new_certificate"`
	// QualityRating is Meta's rating of the messages that the number sends.
	QualityRating QualityRating `json:"quality_rating"`
	Status        Status        `json:"status"`
	// CodeVerification says whether the owner has proved, with a code, that it
	// owns the number.
	CodeVerification CodeVerification `json:"code_verification_status"`
	// Platform is the platform that the number is registered with.
	Platform Platform `json:"platform_type"`
	// OnBusinessApp is true for a number that the WhatsApp Business app uses too
	// (coexistence). It is registered already and must not be registered again.
	OnBusinessApp graph.Bool `json:"is_on_biz_app"`
	// AccountMode is SANDBOX or LIVE.
	AccountMode string `json:"account_mode"`
	// LastOnboarded is the time when the number last went through Embedded
	// Signup.
	LastOnboarded graph.Time `json:"last_onboarded_time"`
}

// DefaultFields returns the fields that Get and List ask for. Every Graph
// version from v21.0 on knows them.
func DefaultFields() graph.Fields {
	return graph.Fields{
		"id", "display_phone_number", "verified_name", "name_status", "certificate",
		"new_name_status", "new_certificate", "quality_rating", "status",
		"code_verification_status", "platform_type", "is_on_biz_app", "account_mode", "last_onboarded_time",
	}
}

// StatusFields returns DefaultFields without the certificates. The certificates
// are nine tenths of the bytes of a page. An hourly read of names, quality and
// status does not need them.
func StatusFields() graph.Fields {
	var fields graph.Fields
	for _, name := range DefaultFields() {
		if name != "certificate" && name != "new_certificate" {
			fields = append(fields, name)
		}
	}
	return fields
}

// Digits returns the digits of the number, the country code first. Graph writes
// the same number with blanks in some answers and without them in others.
func (n Number) Digits() string { return Digits(n.DisplayPhoneNumber) }

// Digits returns the digits of a phone number and leaves out everything else.
func Digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// CanSend reports whether the number is connected. Whether Meta then accepts a
// message also depends on the funding of the WABA.
func (n Number) CanSend() bool { return n.Status == StatusConnected }

// Status is the state of a number. Meta adds values without notice.
type Status string

// The states that Meta documents. Only a connected number can send.
const (
	StatusPending      Status = "PENDING"
	StatusConnected    Status = "CONNECTED"
	StatusDisconnected Status = "DISCONNECTED"
	StatusRestricted   Status = "RESTRICTED"
	StatusFlagged      Status = "FLAGGED"
	StatusRateLimited  Status = "RATE_LIMITED"
	StatusBanned       Status = "BANNED"
	StatusDeleted      Status = "DELETED"
	StatusMigrated     Status = "MIGRATED"
	StatusUnverified   Status = "UNVERIFIED"
	StatusUnknown      Status = "UNKNOWN"
)

// NameStatus is the state of the review of a display name.
type NameStatus string

// The review states that Meta documents.
const (
	// NameApproved means that the name is approved and has a certificate.
	NameApproved NameStatus = "APPROVED"
	// NameAvailable means that the name can be used without a review, while the
	// number is in trial.
	NameAvailable NameStatus = "AVAILABLE_WITHOUT_REVIEW"
	NamePending   NameStatus = "PENDING_REVIEW"
	NameDeclined  NameStatus = "DECLINED"
	// NameExpired means that the certificate has expired and that no number can
	// be registered with it.
	NameExpired NameStatus = "EXPIRED"
	// NameNone means that there is no certificate.
	NameNone NameStatus = "NONE"
)

// CodeVerification says whether the owner of a number has proved its ownership
// with a code.
type CodeVerification string

// The states that Meta documents. Numbers that can send may be expired.
const (
	CodeVerified    CodeVerification = "VERIFIED"
	CodeNotVerified CodeVerification = "NOT_VERIFIED"
	CodeExpired     CodeVerification = "EXPIRED"
)

// QualityRating is Meta's rating of the messages that a number sends.
type QualityRating string

// The ratings that Meta documents.
const (
	QualityGreen   QualityRating = "GREEN"
	QualityYellow  QualityRating = "YELLOW"
	QualityRed     QualityRating = "RED"
	QualityNone    QualityRating = "NA"
	QualityUnknown QualityRating = "UNKNOWN"
)

// Platform is the platform that a number is registered with.
type Platform string

// The platforms that Meta documents.
const (
	PlatformCloud      Platform = "CLOUD_API"
	PlatformOnPremises Platform = "ON_PREMISE"
	PlatformNone       Platform = "NOT_APPLICABLE"
)
