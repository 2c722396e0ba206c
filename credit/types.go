package credit

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Line is a credit line of a business (Meta: an extended credit).
type Line struct {
	ID graph.CreditLineID `json:"id"`
	// LegalEntityName is the company that Meta granted the line to.
	LegalEntityName string `json:"legal_entity_name"`
	// Balance is the amount owed, MaxBalance the limit, and Available the amount
	// that remains. Meta sends them only if they are asked for: see LineFields.
	Balance       *Amount        `json:"balance"`
	MaxBalance    *Amount        `json:"max_balance"`
	Available     *Amount        `json:"credit_available"`
	OwnerBusiness graph.Business `json:"owner_business"`
	// AccessRevoked is true if the line can no longer be used.
	AccessRevoked graph.Bool `json:"is_access_revoked"`
}

// LineFields returns all fields of a Line. GetLine asks for them. Lines asks for
// the first two, unless its query names others.
func LineFields() graph.Fields { return graph.FieldsOf[Line]() }

// Amount is an amount of money.
type Amount struct {
	// Amount is in units of the currency and may be formatted: "1,250.00".
	Amount Decimal `json:"amount"`
	// Hundredths is the same amount in hundredths of the unit, not formatted.
	Hundredths Decimal `json:"amount_in_hundredths"`
	Currency   string  `json:"currency"`
}

// Decimal is an amount as Meta wrote it, in a string or as a number. It is never
// converted to a float.
type Decimal string

// UnmarshalJSON accepts a string, a number or null.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	var number json.Number
	if json.Unmarshal(b, &number) == nil { // numbers, and strings that hold one
		*d = Decimal(number)
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("credit: an amount must be a string or a number: %w", err)
	}
	*d = Decimal(text)
	return nil
}

// Allocation is the share of a line with one client business (Meta: an extended
// credit allocation config).
type Allocation struct {
	ID graph.AllocationID `json:"id"`
	// Receiver is the client business.
	Receiver graph.Business `json:"receiving_business"`
	// Credential is the funding source that the client received. A WABA is
	// attached if its primary_funding_id is the id of it.
	Credential Credential `json:"receiving_credential"`
	// RequestStatus is DELETED after a revocation. Meta sends it only if it is
	// asked for.
	RequestStatus string `json:"request_status"`
}

// Credential names a funding source.
type Credential struct {
	ID graph.FundingID `json:"id"`
}

// Deleted reports whether the allocation was revoked.
func (a Allocation) Deleted() bool { return strings.EqualFold(a.RequestStatus, statusDeleted) }

const statusDeleted = "DELETED"

// AllocationFields returns the fields that the calls of this package ask for.
func AllocationFields() graph.Fields {
	return graph.Fields{"id", "receiving_business", "receiving_credential{id}", "request_status"}
}
