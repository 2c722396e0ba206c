package graphsim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// numberSettingsActions serve one object and not an edge. Its members are features.
func numberSettingsActions() []*action {
	return []*action{
		{method: "GET", node: kNumber, edge: "settings", do: readSettings, ownFields: true, params: []Param{
			{Name: "fields", Type: "string"}, {Name: "include_sip_credentials", Type: "bool"}}},
		{method: "POST", node: kNumber, edge: "settings", do: writeSettings, params: []Param{
			{Name: "calling", Type: "map"}, {Name: "user_identity_change", Type: "map"}, {Name: "payload_encryption", Type: "map"}, {Name: "storage_configuration", Type: "map"}}},
	}
}

// settingsFeatures are the members of a number's settings, in the order of the answer.
var settingsFeatures = []string{"calling", "storage_configuration", "user_identity_change", "payload_encryption"}

// defaultSettings uses the spelling of Meta's guide. OpenAPI shows another one.
func defaultSettings() map[string]any {
	return map[string]any{
		"calling": map[string]any{"status": "DISABLED", "call_icon_visibility": "DEFAULT",
			"callback_permission_status": "DISABLED", "sip": map[string]any{"status": "DISABLED"}},
		"storage_configuration": map[string]any{"status": "DEFAULT"},
		"user_identity_change":  map[string]any{"enable_identity_key_check": false},
		"payload_encryption":    map[string]any{"status": "DISABLED"},
	}
}

// settingsOr returns the settings of a number, or the defaults if it has none.
func (n *number) settingsOr() map[string]any {
	if n.settings == nil {
		return defaultSettings()
	}
	return n.settings
}

// readSettings answers with all features, or with those that fields names.
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

// writeSettings changes one feature in each call. The storage region can change only
// while the number is not registered. A holiday schedule that is left out is removed.
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

// decodeObject reads a JSON object and keeps its numbers as they are written.
func decodeObject(text string) (map[string]any, *apiError) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return nil, errParam("Invalid JSON object")
	}
	return v, nil
}
