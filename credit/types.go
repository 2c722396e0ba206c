package credit

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
)

// Line is a credit line of a business.
type Line struct {
	ID wagraph.CreditLineID `json:"id"`
	// LegalEntityName is who the line was granted to.
	LegalEntityName string `json:"legal_entity_name"`
	// Balance is what is owed, MaxBalance the limit, Available what remains.
	// They are sent on request only; see LineFields.
	Balance       *Amount  `json:"balance"`
	MaxBalance    *Amount  `json:"max_balance"`
	Available     *Amount  `json:"credit_available"`
	OwnerBusiness Business `json:"owner_business"`
	// AccessRevoked is true once the line can no longer be used.
	AccessRevoked wagraph.Bool `json:"is_access_revoked"`
}

// LineFields are the fields of a Line. The lists ask for the first two only
// unless told otherwise.
func LineFields() wagraph.Fields { return wagraph.FieldsOf[Line]() }

// Amount is an amount of money.
type Amount struct {
	// Amount is in the currency's unit, formatted: "1,250.00" is possible.
	Amount Decimal `json:"amount"`
	// Hundredths is the same in hundredths of the unit, without formatting.
	Hundredths Decimal `json:"amount_in_hundredths"`
	Currency   string  `json:"currency"`
}

// Decimal is a number of money as Meta wrote it, in a string or as a number. It
// never goes through a float.
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

// Business is a portfolio as a line or an allocation names it.
type Business struct {
	ID   wagraph.BusinessID `json:"id"`
	Name string             `json:"name"`
}

// Allocation is a share of a line with one client business: Meta's extended
// credit allocation config.
type Allocation struct {
	ID wagraph.AllocationID `json:"id"`
	// Receiver is the client business.
	Receiver Business `json:"receiving_business"`
	// Credential is the funding source that the client received. A WABA is
	// attached when its primary_funding_id is this id.
	Credential Credential `json:"receiving_credential"`
	// RequestStatus is DELETED after a revocation. It has to be asked for.
	RequestStatus string `json:"request_status"`
}

// Credential is a funding source.
type Credential struct {
	ID wagraph.FundingID `json:"id"`
}

// Deleted tells whether the allocation was revoked.
func (a Allocation) Deleted() bool { return strings.EqualFold(a.RequestStatus, statusDeleted) }

const statusDeleted = "DELETED"

// AllocationFields are what the calls here ask for.
func AllocationFields() wagraph.Fields {
	return wagraph.Fields{"id", "receiving_business", "receiving_credential{id}", "request_status"}
}
