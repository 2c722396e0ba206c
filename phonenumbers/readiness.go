package phonenumbers

import "strings"

// Readiness is what stands between a number and its registration with the
// Cloud API, and what else is worth knowing.
type Readiness struct {
	// Blocks are reasons why registering now would fail or do harm; none
	// means that the number can be registered.
	Blocks []Block
	// Notes are in nobody's way: the Cloud API needs no certificate, and does
	// not wait for the review of a name.
	Notes []string
}

// Block is a reason why a number is not to be registered now.
type Block string

// The blocks.
const (
	// BlockNotVerified: the owner has not proved that the number is theirs.
	// An expired proof does not block: numbers that work have one.
	BlockNotVerified Block = "not_verified"
	// BlockConnected: it is registered. Registering it again costs one of ten
	// tries within 72 hours.
	BlockConnected Block = "connected"
	// BlockCoexistence: it is used in the Business app, and came registered.
	BlockCoexistence Block = "coexistence"
	// BlockGone: it was deleted or migrated away.
	BlockGone Block = "gone"
	// BlockBanned: Meta banned it.
	BlockBanned Block = "banned"
)

// String says it in a sentence's end: "the number ...".
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

// OK tells whether nothing is in the way.
func (r Readiness) OK() bool { return len(r.Blocks) == 0 }

// String lists the blocks, then the notes.
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

// Readiness reads from the number's fields whether it can be registered with
// the Cloud API. Fields that were not asked for neither block nor note. Whether
// the 72-hour budget has room is known only to who kept count.
func (n Number) Readiness() Readiness {
	var r Readiness
	// The status says it too, where the certificates were not asked for.
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
