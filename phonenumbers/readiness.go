package phonenumbers

import "strings"

// Readiness says whether a number can be registered with the Cloud API, and what
// else is worth knowing about it.
type Readiness struct {
	// Blocks are the reasons why registering now would fail or do harm. The
	// number can be registered if there are none.
	Blocks []Block
	// Notes do not prevent a registration. The Cloud API needs no certificate
	// and does not wait for the review of a name.
	Notes []string
}

// Block is a reason not to register a number now.
type Block string

// The reasons not to register a number.
const (
	// BlockNotVerified means that the owner has not proved that it owns the
	// number. An expired proof does not block: numbers that can send have one.
	BlockNotVerified Block = "not_verified"
	// BlockConnected means that the number is registered. Registering it again
	// costs one of ten tries within 72 hours.
	BlockConnected Block = "connected"
	// BlockCoexistence means that the WhatsApp Business app uses the number,
	// which is registered already.
	BlockCoexistence Block = "coexistence"
	// BlockGone means that the number was deleted, or moved to another WABA or
	// provider.
	BlockGone Block = "gone"
	// BlockBanned means that Meta banned the number.
	BlockBanned Block = "banned"
)

// String returns the block as the end of a sentence that begins with "the
// number".
func (b Block) String() string {
	switch b {
	case BlockNotVerified:
		return "is not verified: request a code and send it back"
	case BlockConnected:
		return "is connected already"
	case BlockCoexistence:
		return "is used in the Business app and came registered"
	case BlockGone:
		return "was deleted or migrated away"
	case BlockBanned:
		return "is banned"
	}
	return string(b)
}

// OK reports whether nothing prevents a registration.
func (r Readiness) OK() bool { return len(r.Blocks) == 0 }

// String returns the blocks, then the notes.
func (r Readiness) String() string {
	parts := make([]string, 0, len(r.Blocks)+len(r.Notes))
	for _, b := range r.Blocks {
		parts = append(parts, b.String())
	}
	if len(parts) == 0 {
		parts = append(parts, "can be registered")
	}
	return strings.Join(append(parts, r.Notes...), "; ")
}

// Readiness returns what the fields of the number say about registering it with
// the Cloud API. Fields that were not asked for add no block and no note. The
// fields do not say how many of the ten registrations within 72 hours are used.
func (n Number) Readiness() Readiness {
	var r Readiness
	// If the certificates were not asked for, the status of the new name says it.
	renamed := n.NewCertificate != "" || n.NewNameStatus == NameApproved
	for _, rule := range [...]struct {
		applies bool
		block   Block
	}{
		{bool(n.OnBusinessApp), BlockCoexistence},
		{n.Status == StatusConnected && !bool(n.OnBusinessApp) && !renamed, BlockConnected},
		{n.CodeVerification == CodeNotVerified || n.CodeVerification == "UNVERIFIED", BlockNotVerified},
		{n.Status == StatusDeleted || n.Status == StatusMigrated, BlockGone},
		{n.Status == StatusBanned, BlockBanned},
	} {
		if rule.applies {
			r.Blocks = append(r.Blocks, rule.block)
		}
	}
	for _, rule := range [...]struct {
		applies bool
		note    string
	}{
		{renamed, "a changed name is approved and waits: register again with it"},
		{n.NameStatus == NamePending, "the display name is in review"},
		{n.NameStatus == NameDeclined, "the display name was declined"},
		{n.NameStatus == NameExpired, "the certificate has expired"},
		{n.NameStatus == NameNone, "there is no certificate"},
		{n.NewNameStatus == NamePending, "a changed name is in review"},
		{n.NewNameStatus == NameDeclined, "a changed name was declined"},
		{n.CodeVerification == CodeExpired, "the verification has expired, which does not matter for sending"},
		{n.QualityRating == QualityRed, "the quality rating is red"},
	} {
		if rule.applies {
			r.Notes = append(r.Notes, rule.note)
		}
	}
	return r
}
