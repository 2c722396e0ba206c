package popup

import (
	"encoding/json"
	"fmt"
	"github.com/seed-8fdceacd/wagraph/graph"
	"strings"
	"unicode/utf8"
)

// Prefill is what the popup's screens are filled in with (extras.setup). The
// client can change all of it, so it tells nothing about what comes back. From
// V3 on it skips no screen.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/pre-filled-data
type Prefill struct {
	// Business is the client's portfolio.
	Business PrefillBusiness
	// Profile is what WhatsApp users see of the number.
	Profile PrefillProfile
	// PreVerified are numbers that the partner verified in advance. Meta shows
	// the first only.
	PreVerified []graph.PreVerifiedNumberID
	// WABA is an account of the client's to begin with.
	WABA graph.WABAID
	// Solution is the Multi-Partner Solution that the client joins.
	Solution graph.SolutionID
}

// PrefillBusiness is the client's portfolio: one that exists, by its ID, or a
// new one, by Name, Email, Website and Address.Country. Meta takes these four
// together or not at all; with one missing the client meets an empty screen.
type PrefillBusiness struct {
	// ID is a portfolio of the client's. If it owns it, Meta ignores the rest.
	ID graph.BusinessID `json:"id,omitempty"`
	// Name, of at most 100 characters, becomes the WABA's name too. The name of
	// a portfolio that the client has already selects that one.
	Name    string         `json:"name,omitempty"`
	Email   string         `json:"email,omitempty"`
	Website string         `json:"website,omitempty"`
	Address PrefillAddress `json:"address,omitzero"`
	// Phone is the number to bring to WhatsApp.
	Phone PrefillPhone `json:"phone,omitzero"`
	// Timezone is an offset as in UTC-07:00.
	Timezone string `json:"timezone,omitempty"`
}

// PrefillAddress is where the client's business is.
type PrefillAddress struct {
	Street1    string `json:"streetAddress1,omitempty"`
	Street2    string `json:"streetAddress2,omitempty"`
	City       string `json:"city,omitempty"`
	State      string `json:"state,omitempty"`
	PostalCode string `json:"zipPostal,omitempty"`
	// Country is the ISO 3166-1 alpha-2 code, in capitals.
	Country string `json:"country,omitempty"`
}

// PrefillPhone is a phone number in two parts.
type PrefillPhone struct {
	// Code is the country calling code, Number the digits behind it.
	Code   int    `json:"code"`
	Number string `json:"number"`
}

// PrefillProfile is what WhatsApp users see of the number; Meta wants all of
// it or none.
type PrefillProfile struct {
	DisplayName string `json:"displayName"`
	// Category is a vertical of the business profile, such as RETAIL.
	Category string `json:"category"`
	// Description has at most 512 characters.
	Description string `json:"description"`
}

const (
	maxBusinessName = 100
	maxDescription  = 512
	maxCallingCode  = 999
)

// Check tells whether Meta would use what is filled in. The error is an
// InputError that names the field by its path in the object.
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
		return &graph.InputError{Field: "setup.business.phone.number", Reason: "must be the digits behind the country calling code"}
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
		return &graph.InputError{Field: field, Reason: fmt.Sprintf("has %d characters, Meta takes %d", n, limit)}
	}
	return nil
}

func isCountry(s string) bool {
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isOffset tells UTC-07:00 from other writings.
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

// MarshalJSON writes extras.setup, after Check. Ids are strings: as numbers
// the longer ones would be rounded by the browser.
//
// Meta's page shows whatsAppBusinessAccount as {ids: "..."} in one place and as
// {id: ["..."]} in another. Written is {ids: ["..."]}: the shape of Meta's
// sample app, and that of preVerifiedPhone next to it.
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
