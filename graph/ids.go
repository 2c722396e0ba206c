package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// The identifiers of the Graph objects that onboarding needs. They are decimal
// numbers of 15 to 17 digits that look alike, and some calls that move money take
// two of them, so each has its own type. All decode from JSON strings and from
// JSON numbers, never through a float, and encode as strings.
type (
	// BusinessID names a business portfolio: the partner's own, or a client's.
	BusinessID string
	// WABAID names a WhatsApp Business Account.
	WABAID string
	// PhoneNumberID names a business phone number, not its digits.
	PhoneNumberID string
	// PreVerifiedNumberID names a number that a partner verified in advance.
	// Once a client claims it, it gets a PhoneNumberID.
	PreVerifiedNumberID string
	// CreditLineID names a credit line (Meta: extended credit).
	CreditLineID string
	// AllocationID names a share of a credit line with one client business
	// (Meta: extended credit allocation config).
	AllocationID string
	// FundingID names the source of payment of a WABA: its primary_funding_id.
	// Once a credit line is attached, it equals the receiving_credential of the
	// allocation.
	FundingID string
	// AppID names a Meta app.
	AppID string
	// UserID names a user of any kind, as debug_token reports it.
	UserID string
	// SystemUserID names a system user, in the app-scoped form that the API
	// returns. Business Settings shows another number for the same user.
	SystemUserID string
	// SolutionID names a Multi-Partner Solution.
	SolutionID string
)

// Business is a business portfolio as other objects refer to it.
type Business struct {
	ID   BusinessID `json:"id"`
	Name string     `json:"name,omitempty"`
}

// UnmarshalJSON accepts a string, a number or null.
func (id *BusinessID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *WABAID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *PhoneNumberID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *PreVerifiedNumberID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *CreditLineID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *AllocationID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *FundingID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *AppID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *UserID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *SystemUserID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a string, a number or null.
func (id *SolutionID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// decodeID copies the digits: many ids are larger than 2^53, which a float holds.
func decodeID(b []byte, out *string) error {
	b = bytes.TrimSpace(b)
	switch {
	case bytes.Equal(b, []byte("null")):
		return nil
	case len(b) > 1 && b[0] == '"':
		// Nearly always there is nothing to unescape.
		if digits, ok := strings.CutSuffix(string(b[1:]), `"`); ok && isDigits(digits) {
			*out = digits
			return nil
		}
		return json.Unmarshal(b, out)
	case isDigits(string(b)):
		*out = string(b)
		return nil
	}
	return fmt.Errorf("wagraph: an id must be a string or a whole number, not %s", quoted(string(b)))
}

// maxIDLength is 20, the digits of a 64-bit number. Meta's ids have up to 17.
const maxIDLength = 20

func isDigits(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// CheckID returns an InputError for a text that cannot be the id of a Graph
// object: it is empty, has other characters than digits, or is too long. The
// field names the argument in the error.
func CheckID[ID ~string](field string, id ID) error { return checkID(field, string(id)) }

// checkID refuses what cannot be a Graph id before it reaches a path.
func checkID(field, id string) error {
	switch {
	case id == "":
		return &InputError{Field: field, Reason: "is empty"}
	case !isDigits(id):
		return &InputError{Field: field, Reason: "must be digits only, got " + quoted(id)}
	case len(id) > maxIDLength:
		return &InputError{Field: field, Reason: fmt.Sprintf("has %d digits, an id has at most %d", len(id), maxIDLength)}
	}
	return nil
}
