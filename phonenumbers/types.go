package phonenumbers

import (
	"strings"

	"github.com/seed-8fdceacd/wagraph"
)

// Number is a business phone number. Fields that were not asked for, or that
// this token may not see, are zero.
type Number struct {
	ID wagraph.PhoneNumberID `json:"id"`
	// DisplayPhoneNumber is formatted for people; compare with Digits.
	DisplayPhoneNumber string `json:"display_phone_number"`
	// VerifiedName is the current display name. That it is there does not say
	// that it was approved.
	VerifiedName string `json:"verified_name"`
	// NameStatus is the review of VerifiedName.
	NameStatus NameStatus `json:"name_status"`
	// Certificate is for the current name: Base64 text, opaque to Graph.
	Certificate string `json:"certificate"`
	// NewNameStatus is the review of a requested name, while there is one.
	NewNameStatus NameStatus `json:"new_name_status"`
	// NewCertificate is for the approved new name, until the number is
	// registered with it.
	NewCertificate string        `json:"new_certificate"`
	QualityRating  QualityRating `json:"quality_rating"`
	Status         Status        `json:"status"`
	// CodeVerification says whether the owner proved that the number is theirs.
	CodeVerification CodeVerification `json:"code_verification_status"`
	// Platform is what the number is registered with.
	Platform Platform `json:"platform_type"`
	// OnBusinessApp is true for a number that is used in the WhatsApp Business
	// app too (coexistence). It came registered, and must not be registered.
	OnBusinessApp wagraph.Bool `json:"is_on_biz_app"`
	// AccountMode is SANDBOX or LIVE.
	AccountMode string `json:"account_mode"`
	// LastOnboarded is when the number last came through Embedded Signup.
	LastOnboarded wagraph.Time `json:"last_onboarded_time"`
}

// DefaultFields are what Get and List ask for: known to every Graph version
// from v21.0 on.
func DefaultFields() wagraph.Fields {
	return wagraph.Fields{
		"id", "display_phone_number", "verified_name", "name_status", "certificate",
		"new_name_status", "new_certificate", "quality_rating", "status",
		"code_verification_status", "platform_type", "is_on_biz_app", "account_mode", "last_onboarded_time",
	}
}

// StatusFields are DefaultFields without the certificates. Those are nine
// tenths of a page's bytes, and a look at names, quality and status that is
// taken every hour does not need them.
func StatusFields() wagraph.Fields {
	var fields wagraph.Fields
	for _, name := range DefaultFields() {
		if name != "certificate" && name != "new_certificate" {
			fields = append(fields, name)
		}
	}
	return fields
}

// Digits is the number without anything but digits, country code first: Graph
// writes the same number with blanks here and without them there.
func (n Number) Digits() string { return Digits(n.DisplayPhoneNumber) }

// Digits strips everything but digits.
func Digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// CanSend tells whether the number is connected. Whether a message is then
// accepted also depends on what pays for the WABA.
func (n Number) CanSend() bool { return n.Status == StatusConnected }

// Status is where a number stands. Meta adds values without notice.
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

// NameStatus is the review of a display name.
type NameStatus string

// The review states that Meta documents.
const (
	// NameApproved: the certificate can be read.
	NameApproved NameStatus = "APPROVED"
	// NameAvailable: usable without a review, while the number is in trial.
	NameAvailable NameStatus = "AVAILABLE_WITHOUT_REVIEW"
	NamePending   NameStatus = "PENDING_REVIEW"
	NameDeclined  NameStatus = "DECLINED"
	// NameExpired: the certificate has expired and registers nothing.
	NameExpired NameStatus = "EXPIRED"
	// NameNone: there is no certificate at all.
	NameNone NameStatus = "NONE"
)

// CodeVerification says whether a number's ownership was proved by a code.
type CodeVerification string

// The states that Meta documents. Expired ones are seen on numbers that work.
const (
	CodeVerified    CodeVerification = "VERIFIED"
	CodeNotVerified CodeVerification = "NOT_VERIFIED"
	CodeExpired     CodeVerification = "EXPIRED"
)

// QualityRating is Meta's rating of what a number sends.
type QualityRating string

// The ratings that Meta documents.
const (
	QualityGreen   QualityRating = "GREEN"
	QualityYellow  QualityRating = "YELLOW"
	QualityRed     QualityRating = "RED"
	QualityNone    QualityRating = "NA"
	QualityUnknown QualityRating = "UNKNOWN"
)

// Platform is what a number is registered with.
type Platform string

// The platforms that Meta documents.
const (
	PlatformCloud      Platform = "CLOUD_API"
	PlatformOnPremises Platform = "ON_PREMISE"
	PlatformNone       Platform = "NOT_APPLICABLE"
)
