package graphsim

import (
	"encoding/json"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Settings are no edge but one object, read and written by features.
func numberSettingsActions() []*action {
	return []*action{
		{method: "GET", node: kNumber, edge: "settings", do: readSettings, ownFields: true, params: []Param{
			{Name: "fields", Type: "string"}, {Name: "include_sip_credentials", Type: "bool"}}},
		{method: "POST", node: kNumber, edge: "settings", do: writeSettings, params: []Param{
			{Name: "calling", Type: "map"}, {Name: "user_identity_change", Type: "map"}, {Name: "payload_encryption", Type: "map"}, {Name: "storage_configuration", Type: "map"}}},
		{method: "POST", node: kNumber, edge: "whatsapp_business_profile", do: writeProfile, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}}, {Name: "about", Type: "string"}, {Name: "address", Type: "string"},
			{Name: "description", Type: "string"}, {Name: "email", Type: "string"}, {Name: "websites", Type: "list<string>"}, {Name: "vertical", Type: "string", Enum: verticals},
			{Name: "profile_picture_handle", Type: "string"}}},
		{method: "POST", node: kNumber, edge: "smb_app_data", do: syncAppData, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}},
			{Name: "sync_type", Type: "string", Required: true, Enum: []string{"smb_app_state_sync", "history"}}}},
	}
}

// verticals includes the empty one, which clears it, and two that only old profiles have.
var verticals = []string{"", "ALCOHOL", "APPAREL", "AUTO", "BEAUTY", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GOVT", "GROCERY", "HEALTH", "HOTEL",
	"NONPROFIT", "ONLINE_GAMBLING", "OTC_DRUGS", "OTHER", "PHYSICAL_GAMBLING", "PROF_SERVICES", "RESTAURANT", "RETAIL", "TRAVEL", "UNDEFINED", "NOT_A_BIZ"}

// overrideWebhook sets or, with an empty address, removes a number's own callback.
func (c *call) overrideWebhook(n *number, text string) (any, *apiError) {
	var w struct {
		URI   *string `json:"override_callback_uri"`
		Token string  `json:"verify_token"`
	}
	if err := json.Unmarshal([]byte(text), &w); err != nil || w.URI == nil {
		return nil, errBlame("webhook_configuration", "Param webhook_configuration must have override_callback_uri")
	}
	if err := checkCallback(*w.URI, w.Token); err != nil {
		return nil, err
	}
	n.callback = *w.URI
	return success(), nil
}

// settingsFeatures are the objects of a number's settings, in the order of the answer.
var settingsFeatures = []string{"calling", "storage_configuration", "user_identity_change", "payload_encryption"}

// defaultSettings uses the guide's casing; OpenAPI shows other spellings.
func defaultSettings() map[string]any {
	return map[string]any{
		"calling": map[string]any{"status": "DISABLED", "call_icon_visibility": "DEFAULT",
			"callback_permission_status": "DISABLED", "sip": map[string]any{"status": "DISABLED"}},
		"storage_configuration": map[string]any{"status": "DEFAULT"},
		"user_identity_change":  map[string]any{"enable_identity_key_check": false},
		"payload_encryption":    map[string]any{"status": "DISABLED"},
	}
}

// settingsOr: a number that nobody configured keeps no settings.
func (n *number) settingsOr() map[string]any {
	if n.settings == nil {
		return defaultSettings()
	}
	return n.settings
}

// readSettings answers all features, or those that fields names.
func readSettings(c *call) (any, *apiError) {
	settings := c.node.(*number).settingsOr()
	sel, err := c.selection()
	if err != nil {
		return nil, err
	}
	if sel == nil {
		sel = selections(settingsFeatures)
	}
	o := obj{}
	for _, s := range sel {
		if !slices.Contains(settingsFeatures, s.name) {
			return nil, errNoField(s.name, "WhatsAppBusinessPhoneNumberSettings")
		}
		o = o.with(s.key(), settings[s.name])
	}
	return o, nil
}

// writeSettings changes one feature a call. The storage region can only change while
// the number is not registered; leaving a holiday schedule out wipes it.
func writeSettings(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	given := slices.DeleteFunc(slices.Clone(settingsFeatures), func(f string) bool { return !c.params.has(f) })
	if len(given) != 1 {
		return nil, errParam("Exactly one setting can be changed in one request: %s", strings.Join(settingsFeatures, ", "))
	}
	feature := given[0]
	if feature == "storage_configuration" && n.state == "CONNECTED" {
		return nil, errParam("The storage configuration cannot be changed while the phone number is registered: deregister it first")
	}
	if feature == "calling" {
		if err := c.has(scopeMessaging); err != nil {
			return nil, err
		}
	}
	value, err := decodeObject(c.params.get(feature))
	if err != nil {
		return nil, err
	}
	settings := maps.Clone(n.settingsOr())
	if old, ok := settings[feature].(map[string]any); ok {
		merged := maps.Clone(old)
		delete(merged, "client_encryption_key")
		maps.Copy(merged, value)
		value = merged
	}
	settings[feature] = value
	n.settings = settings
	return success(), nil
}

// decodeObject reads a JSON object, numbers as they stand.
func decodeObject(text string) (map[string]any, *apiError) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return nil, errParam("Invalid JSON object")
	}
	return v, nil
}

// profile is a number's business profile; it has no id of its own on this edge.
type profile struct {
	number *number
}

func (p profile) nodeID() nid { return p.number.id }
func (profile) kind() kind    { return kProfile }

var profileFields = []string{"about", "address", "description", "email", "profile_picture_url", "websites", "vertical"}

// addNumberEdges adds the profile, a list of one item without an id.
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
	for name, limit := range map[string]int{"about": 139, "address": 256, "description": 512, "email": 128} {
		if len([]rune(p.get(name))) > limit {
			return nil, errBlame(name, "Param %s must be at most %d characters long.", name, limit)
		}
	}
	sites := p.list("websites")
	if len(sites) > 2 || slices.ContainsFunc(sites, func(s string) bool {
		return len(s) > 256 || !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://")
	}) {
		return nil, errBlame("websites", "Param websites must be at most 2 URLs that begin with http:// or https://")
	}
	if _, err := mail.ParseAddress(p.get("email")); err != nil && p.get("email") != "" {
		return nil, errBlame("email", "Param email must be a valid email address")
	}
	if p.has("about") && p.get("about") == "" {
		return nil, errBlame("about", "Param about must not be empty")
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
		merged["websites"] = sites
	}
	if p.get("profile_picture_handle") != "" {
		merged["profile_picture_url"] = "https://pps.whatsapp.net/v/" + n.id.String() + ".jpg"
	}
	n.profile = merged
	return success(), nil
}

// syncWindow is how long after onboarding a coexistence number can be synchronised.
const syncWindow = 24 * time.Hour

// syncAppData starts a synchronisation of a coexistence number, each type once.
func syncAppData(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	kind := c.params.get("sync_type")
	switch {
	case !n.onBizApp:
		return nil, errParam("The phone number is not used with the WhatsApp Business app")
	case c.now.Sub(time.Unix(n.onboarded, 0)) > syncWindow:
		return nil, &apiError{code: 2593108, message: numbered(2593108, "Sync can only be requested within 24 hours of onboarding")}
	case n.syncs[kind] != "":
		return nil, &apiError{code: 2593107, message: numbered(2593107, "This sync was requested already")}
	}
	if n.syncs == nil {
		n.syncs = map[string]string{}
	}
	n.syncs[kind] = c.sim.random(letters, 24)
	return obj{{"messaging_product", "whatsapp"}, {"request_id", n.syncs[kind]}}, nil
}
