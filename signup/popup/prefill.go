package popup

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Prefill has the values that the popup's screens show at first (extras.setup). The
// customer can change all of them, so do not rely on them after the signup. From V3 on,
// filled-in values do not skip a screen.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/pre-filled-data
type Prefill struct {
	// Business is the customer's portfolio.
	Business PrefillBusiness
	// Profile is the profile of the number that WhatsApp users see.
	Profile PrefillProfile
	// PreVerified are numbers that the partner verified in advance. Meta shows only
	// the first one.
	PreVerified []graph.PreVerifiedNumberID
	// WABA is a WABA of the customer that the popup selects.
	WABA graph.WABAID
	// Solution is the Multi-Partner Solution that the customer joins.
	Solution graph.SolutionID
}

// PrefillBusiness is the customer's portfolio: an existing one, by ID, or a new one, by
// Name, Email, Website and Address.Country. Meta takes these four together or not at all;
// if one is missing, the customer sees an empty screen.
type PrefillBusiness struct {
	// ID is a portfolio. If the customer owns it, Meta ignores the other fields.
	ID graph.BusinessID `json:"id,omitempty"`
	// Name has at most 100 characters and is also the name of the WABA. The name of
	// an existing portfolio of the customer selects that portfolio.
	Name    string         `json:"name,omitempty"`
	Email   string         `json:"email,omitempty"`
	Website string         `json:"website,omitempty"`
	Address PrefillAddress `json:"address,omitzero"`
	// Phone is the number to connect to WhatsApp.
	Phone PrefillPhone `json:"phone,omitzero"`
	// Timezone is an offset from UTC, such as UTC-07:00.
	Timezone string `json:"timezone,omitempty"`
}

// PrefillAddress is the address of the customer's business.
type PrefillAddress struct {
	Street1    string `json:"streetAddress1,omitempty"`
	Street2    string `json:"streetAddress2,omitempty"`
	City       string `json:"city,omitempty"`
	State      string `json:"state,omitempty"`
	PostalCode string `json:"zipPostal,omitempty"`
	// Country is the ISO 3166-1 alpha-2 code in capital letters.
	Country string `json:"country,omitempty"`
}

// PrefillPhone is a phone number as calling code and local number.
type PrefillPhone struct {
	// Code is the country calling code, Number the digits after it.
	Code   int    `json:"code"`
	Number string `json:"number"`
}

// PrefillProfile is the profile of the number that WhatsApp users see. Meta takes all
// three fields or none.
type PrefillProfile struct {
	DisplayName string `json:"displayName"`
	// Category is a value of the business profile's vertical, such as RETAIL.
	Category string `json:"category"`
	// Description has at most 512 characters.
	Description string `json:"description"`
}

const (
	maxBusinessName = 100
	maxDescription  = 512
	maxCallingCode  = 999
)

// Check returns an InputError if Meta would not use the values. The error names the field
// by its path in the object.
func (p Prefill) Check() error {
	if err := p.Business.check(); err != nil {
		return err
	}
	if p.Profile != (PrefillProfile{}) {
		if err := p.Profile.check(); err != nil {
			return err
		}
	}
	for i, id := range p.PreVerified {
		if err := graph.CheckID(fmt.Sprintf("setup.preVerifiedPhone.ids[%d]", i), id); err != nil {
			return err
		}
	}
	if p.WABA != "" {
		if err := graph.CheckID("setup.whatsAppBusinessAccount.ids[0]", p.WABA); err != nil {
			return err
		}
	}
	if p.Solution != "" {
		return graph.CheckID("setup.solutionID", p.Solution)
	}
	return nil
}

func (b PrefillBusiness) check() error {
	if b.ID != "" {
		if err := graph.CheckID("setup.business.id", b.ID); err != nil {
			return err
		}
	}
	if b.Name != "" || b.Email != "" || b.Website != "" || b.Address != (PrefillAddress{}) {
		for _, need := range [...]struct{ field, value string }{
			{"name", b.Name}, {"email", b.Email}, {"website", b.Website}, {"address.country", b.Address.Country},
		} {
			if need.value == "" {
				return &graph.InputError{
					Field:  "setup.business." + need.field,
					Reason: "is empty: name, email, website and address.country are used together or not at all",
				}
			}
		}
		if !isCountry(b.Address.Country) {
			return &graph.InputError{
				Field:  "setup.business.address.country",
				Reason: fmt.Sprintf("must be two capital letters (ISO 3166-1), got %.20q", b.Address.Country),
			}
		}
	}
	if err := checkLength("setup.business.name", b.Name, maxBusinessName); err != nil {
		return err
	}
	if b.Timezone != "" && !isOffset(b.Timezone) {
		return &graph.InputError{Field: "setup.business.timezone", Reason: fmt.Sprintf("must be like UTC-07:00, got %.20q", b.Timezone)}
	}
	return b.Phone.check()
}

func (p PrefillPhone) check() error {
	switch {
	case p == PrefillPhone{}:
		return nil
	case p.Code < 1 || p.Code > maxCallingCode:
		return &graph.InputError{Field: "setup.business.phone.code", Reason: fmt.Sprintf("must be a country calling code, got %d", p.Code)}
	case p.Number == "" || strings.Trim(p.Number, "0123456789") != "":
		return &graph.InputError{Field: "setup.business.phone.number", Reason: "must be the digits after the country calling code"}
	}
	return nil
}

func (p PrefillProfile) check() error {
	for _, need := range [...]struct{ field, value string }{
		{"displayName", p.DisplayName}, {"category", p.Category}, {"description", p.Description},
	} {
		if need.value == "" {
			return &graph.InputError{
				Field:  "setup.phone." + need.field,
				Reason: "is empty: displayName, category and description are used together or not at all",
			}
		}
	}
	return checkLength("setup.phone.description", p.Description, maxDescription)
}

func checkLength(field, text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return &graph.InputError{Field: field, Reason: fmt.Sprintf("has %d characters, more than %d", n, limit)}
	}
	return nil
}

func isCountry(s string) bool {
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isOffset reports whether a text has the form UTC-07:00.
func isOffset(s string) bool {
	rest, ok := strings.CutPrefix(s, "UTC")
	if !ok || len(rest) != len("-07:00") || rest[0] != '+' && rest[0] != '-' || rest[3] != ':' {
		return false
	}
	hours, minutes := rest[1:3], rest[4:6]
	return strings.Trim(hours+minutes, "0123456789") == "" && hours <= "14" && minutes <= "59"
}

type prefillWire struct {
	Business    *PrefillBusiness `json:"business,omitempty"`
	Profile     *PrefillProfile  `json:"phone,omitempty"`
	PreVerified *idsWire         `json:"preVerifiedPhone,omitempty"`
	WABA        *idsWire         `json:"whatsAppBusinessAccount,omitempty"`
	Solution    string           `json:"solutionID,omitempty"`
}

type idsWire struct {
	IDs []string `json:"ids"`
}

// MarshalJSON returns extras.setup, or the error of Check. Ids are written as strings,
// because a browser would round the longer ones as numbers.
//
// Meta's page shows whatsAppBusinessAccount as {ids: "..."} in one place and as
// {id: ["..."]} in another. MarshalJSON writes {ids: ["..."]}, the shape that Meta's
// sample app uses and that preVerifiedPhone has.
func (p Prefill) MarshalJSON() ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	wire := prefillWire{Solution: string(p.Solution)}
	if p.Business != (PrefillBusiness{}) {
		wire.Business = &p.Business
	}
	if p.Profile != (PrefillProfile{}) {
		wire.Profile = &p.Profile
	}
	if len(p.PreVerified) > 0 {
		wire.PreVerified = &idsWire{}
		for _, id := range p.PreVerified {
			wire.PreVerified.IDs = append(wire.PreVerified.IDs, string(id))
		}
	}
	if p.WABA != "" {
		wire.WABA = &idsWire{IDs: []string{string(p.WABA)}}
	}
	return json.Marshal(wire)
}
