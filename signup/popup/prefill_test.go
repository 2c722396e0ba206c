package popup_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func fullPrefill() popup.Prefill {
	return popup.Prefill{
		Business: popup.PrefillBusiness{
			ID: "17841400000000001", Name: "Lucky Shrub", Email: "hello@luckyshrub.example", Website: "https://luckyshrub.example/",
			Address: popup.PrefillAddress{
				Street1: "1 Hacker Way", Street2: "Suite 1", City: "Menlo Park", State: "CA", PostalCode: "94025", Country: "US",
			},
			Phone:    popup.PrefillPhone{Code: 1, Number: "6505551234"},
			Timezone: "UTC-07:00",
		},
		Profile:     popup.PrefillProfile{DisplayName: "Lucky Shrub", Category: "RETAIL", Description: "Succulents"},
		PreVerified: []graph.PreVerifiedNumberID{"106540352242922", "106540352242923"},
		WABA:        "102290129340398",
		Solution:    "555000111222333",
	}
}

func TestPrefill_MarshalJSON(t *testing.T) {
	got, err := json.Marshal(fullPrefill())
	require.NoError(t, err)
	require.JSONEq(t, `{
  "business": {
    "id": "17841400000000001",
    "name": "Lucky Shrub",
    "email": "hello@luckyshrub.example",
    "website": "https://luckyshrub.example/",
    "address": {
      "streetAddress1": "1 Hacker Way",
      "streetAddress2": "Suite 1",
      "city": "Menlo Park",
      "state": "CA",
      "zipPostal": "94025",
      "country": "US"
    },
    "phone": {
      "code": 1,
      "number": "6505551234"
    },
    "timezone": "UTC-07:00"
  },
  "phone": {
    "displayName": "Lucky Shrub",
    "category": "RETAIL",
    "description": "Succulents"
  },
  "preVerifiedPhone": {
    "ids": [
      "106540352242922",
      "106540352242923"
    ]
  },
  "whatsAppBusinessAccount": {
    "ids": [
      "102290129340398"
    ]
  },
  "solutionID": "555000111222333"
}`, string(got))
}

func TestPrefill_Check(t *testing.T) {
	for name, prefill := range map[string]popup.Prefill{
		"nothing":                 {},
		"an existing portfolio":   {Business: popup.PrefillBusiness{ID: "17841400000000001"}},
		"only a number":           {Business: popup.PrefillBusiness{Phone: popup.PrefillPhone{Code: 49, Number: "15112345678"}}},
		"only a time zone":        {Business: popup.PrefillBusiness{Timezone: "UTC+05:30"}},
		"a name of 100 letters":   {Business: businessWith(func(b *popup.PrefillBusiness) { b.Name = strings.Repeat("ü", 100) })},
		"a description of 512":    {Profile: popup.PrefillProfile{DisplayName: "a", Category: "OTHER", Description: strings.Repeat("é", 512)}},
		"the country of the four": {Business: businessWith(func(b *popup.PrefillBusiness) { b.Address = popup.PrefillAddress{Country: "BR"} })},
	} {
		require.NoError(t, prefill.Check(), name)
	}
}

func TestPrefill_Check_BadValues(t *testing.T) {
	profile := func(change func(*popup.PrefillProfile)) popup.Prefill {
		p := fullPrefill()
		change(&p.Profile)
		return p
	}
	for _, test := range []struct {
		field   string
		prefill popup.Prefill
	}{
		{"setup.business.id", popup.Prefill{Business: popup.PrefillBusiness{ID: "1.78e+16"}}},
		{"setup.business.name", prefillWith(func(b *popup.PrefillBusiness) { b.Name = "" })},
		{"setup.business.email", prefillWith(func(b *popup.PrefillBusiness) { b.Email = "" })},
		{"setup.business.website", prefillWith(func(b *popup.PrefillBusiness) { b.Website = "" })},
		{"setup.business.address.country", prefillWith(func(b *popup.PrefillBusiness) { b.Address.Country = "" })},
		{"setup.business.name", popup.Prefill{Business: popup.PrefillBusiness{Address: popup.PrefillAddress{City: "Berlin"}}}},
		{"setup.business.email", popup.Prefill{Business: popup.PrefillBusiness{ID: "17841400000000001", Name: "half of it"}}},
		{"setup.business.address.country", prefillWith(func(b *popup.PrefillBusiness) { b.Address.Country = "us" })},
		{"setup.business.address.country", prefillWith(func(b *popup.PrefillBusiness) { b.Address.Country = "USA" })},
		{"setup.business.name", prefillWith(func(b *popup.PrefillBusiness) { b.Name = strings.Repeat("n", 101) })},
		{"setup.business.timezone", prefillWith(func(b *popup.PrefillBusiness) { b.Timezone = "America/Los_Angeles" })},
		{"setup.business.timezone", prefillWith(func(b *popup.PrefillBusiness) { b.Timezone = "UTC-7:00" })},
		{"setup.business.timezone", prefillWith(func(b *popup.PrefillBusiness) { b.Timezone = "UTC+15:00" })},
		{"setup.business.timezone", prefillWith(func(b *popup.PrefillBusiness) { b.Timezone = "UTC+05:60" })},
		{"setup.business.phone.code", prefillWith(func(b *popup.PrefillBusiness) { b.Phone.Code = 0 })},
		{"setup.business.phone.code", prefillWith(func(b *popup.PrefillBusiness) { b.Phone.Code = 1650 })},
		{"setup.business.phone.number", prefillWith(func(b *popup.PrefillBusiness) { b.Phone.Number = "" })},
		{"setup.business.phone.number", prefillWith(func(b *popup.PrefillBusiness) { b.Phone.Number = "+1 650" })},
		{"setup.phone.displayName", profile(func(p *popup.PrefillProfile) { p.DisplayName = "" })},
		{"setup.phone.category", profile(func(p *popup.PrefillProfile) { p.Category = "" })},
		{"setup.phone.description", profile(func(p *popup.PrefillProfile) { p.Description = "" })},
		{"setup.phone.description", profile(func(p *popup.PrefillProfile) { p.Description = strings.Repeat("d", 513) })},
		{"setup.preVerifiedPhone.ids[1]", popup.Prefill{PreVerified: []graph.PreVerifiedNumberID{"1", ""}}},
		{"setup.whatsAppBusinessAccount.ids[0]", popup.Prefill{WABA: "act_1"}},
		{"setup.solutionID", popup.Prefill{Solution: "none"}},
	} {
		require.Equal(t, test.field, inputFieldOf(t, test.prefill.Check()))
		_, err := json.Marshal(test.prefill)
		require.ErrorIs(t, err, graph.ErrInput, "values that Meta would not use are not marshalled")
	}
}

func prefillWith(change func(*popup.PrefillBusiness)) popup.Prefill {
	p := fullPrefill()
	change(&p.Business)
	return p
}

func businessWith(change func(*popup.PrefillBusiness)) popup.PrefillBusiness {
	return prefillWith(change).Business
}
