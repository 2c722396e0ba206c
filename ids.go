package wagraph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// The identifiers of the Graph objects that onboarding touches. They are
// decimal numbers of 15 to 17 digits that look alike, and some calls that move
// money take two of them: hence one type each. All decode from JSON strings
// and from JSON numbers, never through a float, and encode as strings.
type (
	// BusinessID names a business portfolio: the partner's own, or a client's.
	BusinessID string
	// WABAID names a WhatsApp Business Account.
	WABAID string
	// PhoneNumberID names a business phone number, not its digits.
	PhoneNumberID string
	// PreVerifiedNumberID names a number that a partner verified in advance.
	// Once a client claims it, it lives on under a new PhoneNumberID.
	PreVerifiedNumberID string
	// CreditLineID names a credit line (Meta: extended credit).
	CreditLineID string
	// AllocationID names a share of a credit line with one client business
	// (Meta: extended credit allocation config).
	AllocationID string
	// FundingID names what pays for a WABA: its primary_funding_id, which is
	// the receiving_credential of an allocation once the line is attached.
	FundingID string
	// AppID names a Meta app.
	AppID string
	// UserID names a user of any kind, as debug_token reports it.
	UserID string
	// SystemUserID names a system user, in the app-scoped form that the API
	// returns. The number that Business Settings shows is another one.
	SystemUserID string
	// SolutionID names a Multi-Partner Solution.
	SolutionID string
	// TemplateID names a message template.
	TemplateID string
)

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

// UnmarshalJSON accepts a string, a number or null.
func (id *TemplateID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// decodeID takes the digits as they stand: 2^53 is smaller than many ids.
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

// maxIDLength leaves room above the 17 digits seen: a 64-bit number has 20.
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

// CheckID refuses what cannot be the id of a Graph object: empty, not only
// digits, or too long. The error is an InputError that names the field.
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
