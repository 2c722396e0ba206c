package waba

import "github.com/seed-8fdceacd/wagraph"

// Account is a WhatsApp Business Account. Fields that were not asked for, or
// that this token may not see, are zero.
type Account struct {
	ID   wagraph.WABAID `json:"id"`
	Name string         `json:"name"`
	// Currency is the ISO 4217 code of the invoices. It can never be changed.
	Currency string `json:"currency"`
	// TimezoneID is Meta's number of a time zone: "1" is Los Angeles.
	TimezoneID TimezoneID `json:"timezone_id"`
	// TemplateNamespace is the namespace of the account's message templates.
	TemplateNamespace string `json:"message_template_namespace"`
	// OwnerBusiness is the client's portfolio. It can no longer be read once
	// the client stops sharing: keep its id, revoking credit needs it.
	OwnerBusiness Business `json:"owner_business_info"`
	// PrimaryFundingID is what pays for messages: the receiving credential of
	// an allocation once a credit line is attached, empty if nothing pays.
	PrimaryFundingID wagraph.FundingID `json:"primary_funding_id"`
	// ReviewStatus is Meta's policy review of the account.
	ReviewStatus ReviewStatus `json:"account_review_status"`
	// VerificationStatus is the verification of the owner's business.
	VerificationStatus VerificationStatus `json:"business_verification_status"`
	// Status is ACTIVE; Meta documents no other value.
	Status        string        `json:"status"`
	OwnershipType OwnershipType `json:"ownership_type"`
	// Country is the ISO 3166-1 alpha-2 code.
	Country string `json:"country"`
	// CreationTime orders and filters the lists.
	CreationTime wagraph.Time `json:"creation_time"`
}

// DefaultFields are what Get and the lists ask for: known to every Graph
// version from v21.0 on.
func DefaultFields() wagraph.Fields {
	return wagraph.Fields{
		"id", "name", "currency", "timezone_id", "message_template_namespace",
		"owner_business_info", "primary_funding_id", "account_review_status",
		"business_verification_status", "status", "ownership_type", "country", "creation_time",
	}
}

// TimezoneID is Meta's number of a time zone.
type TimezoneID string

// UnmarshalJSON accepts a string or a number.
func (id *TimezoneID) UnmarshalJSON(b []byte) error {
	var text wagraph.WABAID
	err := text.UnmarshalJSON(b)
	*id = TimezoneID(text)
	return err
}

// Business is a portfolio as an account or a user names it.
type Business struct {
	ID   wagraph.BusinessID `json:"id"`
	Name string             `json:"name"`
}

// ReviewStatus is the state of Meta's policy review of an account. Meta adds
// values without notice.
type ReviewStatus string

// The review states that Meta documents.
const (
	ReviewPending  ReviewStatus = "PENDING"
	ReviewApproved ReviewStatus = "APPROVED"
	ReviewRejected ReviewStatus = "REJECTED"
	ReviewDeferred ReviewStatus = "DEFERRED"
)

// VerificationStatus is the state of a business verification. Graph writes it
// in lower case; some answers have capitals: compare with Is.
type VerificationStatus string

// The verification states that Meta documents.
const (
	VerificationVerified        VerificationStatus = "verified"
	VerificationNotVerified     VerificationStatus = "not_verified"
	VerificationPending         VerificationStatus = "pending"
	VerificationNeedMoreInfo    VerificationStatus = "pending_need_more_info"
	VerificationNeedsSubmission VerificationStatus = "pending_submission"
	VerificationRejected        VerificationStatus = "rejected"
	VerificationRevoked         VerificationStatus = "revoked"
	VerificationFailed          VerificationStatus = "failed"
	VerificationExpired         VerificationStatus = "expired"
	VerificationIneligible      VerificationStatus = "ineligible"
)

// OwnershipType says how a portfolio holds an account.
type OwnershipType string

// The kinds of ownership that Meta documents. On-behalf-of accounts are no
// longer made.
const (
	OwnershipSelf        OwnershipType = "SELF"
	OwnershipClientOwned OwnershipType = "CLIENT_OWNED"
	OwnershipOnBehalfOf  OwnershipType = "ON_BEHALF_OF"
)
