package graphsim

import (
	"maps"
	"net/mail"
	"slices"
	"strings"
)

func numberProfileActions() []*action {
	return []*action{
		{method: "POST", node: kNumber, edge: "whatsapp_business_profile", do: writeProfile, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}}, {Name: "about", Type: "string"}, {Name: "address", Type: "string"},
			{Name: "description", Type: "string"}, {Name: "email", Type: "string"}, {Name: "websites", Type: "list<string>"}, {Name: "vertical", Type: "string", Enum: verticals},
			{Name: "profile_picture_handle", Type: "string"}}},
	}
}

// verticals includes the empty one, which removes the value, and two that only old
// profiles have.
var verticals = []string{"", "ALCOHOL", "APPAREL", "AUTO", "BEAUTY", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GOVT", "GROCERY", "HEALTH", "HOTEL",
	"NONPROFIT", "ONLINE_GAMBLING", "OTC_DRUGS", "OTHER", "PHYSICAL_GAMBLING", "PROF_SERVICES", "RESTAURANT", "RETAIL", "TRAVEL", "UNDEFINED", "NOT_A_BIZ"}

// profile is the business profile of a number. On this edge it has no id.
type profile struct {
	number *number
}

func (p profile) nodeID() nid { return p.number.id }

func (profile) kind() kind { return kProfile }

var profileFields = []string{"about", "address", "description", "email", "profile_picture_url", "websites", "vertical"}

// addNumberEdges adds the profile as a list with one item.
func addNumberEdges(sc *schema) {
	fields := []*fieldDef{field("messaging_product", "string", func(*call, profile) any { return "whatsapp" })}
	for _, name := range profileFields {
		typ := "string"
		if name == "websites" {
			typ = "list<string>"
		}
		fields = append(fields, field(name, typ, func(_ *call, p profile) any { return p.number.profile[name] }))
	}
	sc.add(&nodeType{kind: kProfile, name: "WhatsAppBusinessProfile", defaults: []string{"messaging_product"}}, fields...)
	sc.types[kNumber].edge(&edgeDef{name: "whatsapp_business_profile", item: kProfile, defLimit: 25, maxLimit: 25, unpaged: true,
		list: func(_ *call, n node, _ params) (listing, *apiError) {
			return listing{ids: []nid{n.nodeID()}, get: func(nid) node { return profile{n.(*number)} }}, nil
		}})
}

// writeProfile changes the parts that are given and leaves the others.
func writeProfile(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	p := c.params
	if err := checkProfile(p); err != nil {
		return nil, err
	}
	merged := maps.Clone(n.profile)
	if merged == nil {
		merged = map[string]any{}
	}
	for _, name := range profileFields {
		if p.has(name) && name != "websites" && name != "profile_picture_url" {
			merged[name] = p.get(name)
		}
	}
	if p.has("websites") {
		merged["websites"] = p.list("websites")
	}
	if p.get("profile_picture_handle") != "" {
		merged["profile_picture_url"] = "https://pps.whatsapp.net/v/" + n.id.String() + ".jpg"
	}
	n.profile = merged
	return success(), nil
}

// checkProfile checks the texts of a profile. Lengths count characters, not bytes.
func checkProfile(p params) *apiError {
	for name, limit := range map[string]int{"about": 139, "address": 256, "description": 512, "email": 128} {
		if len([]rune(p.get(name))) > limit {
			return errBlame(name, "Param %s must be at most %d characters long.", name, limit)
		}
	}
	sites := p.list("websites")
	if len(sites) > 2 || slices.ContainsFunc(sites, func(s string) bool {
		return len(s) > 256 || !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://")
	}) {
		return errBlame("websites", "Param websites must be at most 2 URLs that begin with http:// or https://")
	}
	if _, err := mail.ParseAddress(p.get("email")); err != nil && p.get("email") != "" {
		return errBlame("email", "Param email must be a valid email address")
	}
	if p.has("about") && p.get("about") == "" {
		return errBlame("about", "Param about must not be empty")
	}
	return nil
}
