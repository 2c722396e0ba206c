package popup

import (
	"encoding/json"
	"fmt"
	"github.com/seed-8fdceacd/wagraph/graph"
	"maps"
	"slices"
	"strings"
)

// LaunchOptions are the second argument of FB.login, with which a page opens
// Embedded Signup. Marshalled, they are the object itself, and safe inside a
// script element: html/template takes them as a value,
//
//	FB.login(finished, {{.Launch}})
//
// where Launch is a LaunchOptions. What Meta would ignore or answer with an
// empty screen is an InputError, and nothing is marshalled.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/implementation
type LaunchOptions struct {
	// ConfigID is the login configuration of the app, in digits. It decides
	// which permissions are asked for, how long the tokens live, and, from V4
	// on, which products the client signs up for.
	ConfigID string
	// Version of Embedded Signup. Empty sends none and leaves it to the login
	// configuration, which is how Meta launches V4; the options are then held
	// against what V4 takes.
	Version Version
	// FeatureType is a course other than the default one.
	FeatureType FeatureType
	// Features are additions.
	Features []Feature
	// Setup fills in what the BSP knows about the client already.
	Setup Prefill
	// Scopes launch the flow from before login configurations: instead of a
	// ConfigID, and with no Version, FeatureType or Features. Its callback has
	// an access token in the place of a code. Meta's pages no longer show it.
	Scopes []string
	// Extras are keys of extras that no field above is for, as a later version
	// may need them. A key that a field writes is refused.
	Extras map[string]any
}

// OldScopes are the permissions that the flow from before login configurations
// asks for: LaunchOptions{Scopes: popup.OldScopes()}.
func OldScopes() []string {
	return []string{"business_management", "whatsapp_business_management"}
}

// Check tells whether Meta would act on the options as they are meant. The
// error is an InputError that names the field by its path in the object. Of a
// version that is not known only the rules that hold for all are checked. An
// ended version is not refused; see [Version.Ended].
func (o LaunchOptions) Check() error {
	if len(o.Scopes) > 0 {
		if err := o.checkOld(); err != nil {
			return err
		}
	} else if err := graph.CheckID("config_id", o.ConfigID); err != nil {
		return err
	}
	if err := o.checkFeatures(); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(o.Extras)) {
		if slices.Contains(extrasKeys[:], key) {
			return &graph.InputError{Field: "extras." + key, Reason: "has a field of its own in LaunchOptions"}
		}
	}
	return o.Setup.Check()
}

// extrasKeys are the keys of extras that fields write.
var extrasKeys = [...]string{"setup", "version", "featureType", "features", "sessionInfoVersion", "feature"}

func (o LaunchOptions) checkOld() error {
	switch {
	case o.ConfigID != "":
		return &graph.InputError{Field: "scope", Reason: "must not be sent with a config_id: the configuration names the permissions"}
	case o.Version != "" || o.FeatureType != "" || len(o.Features) > 0:
		return &graph.InputError{Field: "scope", Reason: "belongs to the flow from before versions and features: use a config_id"}
	case slices.Contains(o.Scopes, ""):
		return &graph.InputError{Field: "scope", Reason: "has an empty name in it"}
	}
	return nil
}

func (o LaunchOptions) checkFeatures() error {
	facts, known := o.Version.Facts()
	if known && o.FeatureType != "" && !slices.Contains(facts.FeatureTypes, o.FeatureType) {
		return &graph.InputError{
			Field:  "extras.featureType",
			Reason: fmt.Sprintf("%.60q is not taken by Embedded Signup %s; it takes %q", o.FeatureType, facts.Version, facts.FeatureTypes),
		}
	}
	for i, feature := range o.Features {
		field := fmt.Sprintf("extras.features[%d]", i)
		switch {
		case feature == "":
			return &graph.InputError{Field: field, Reason: "is empty"}
		case slices.Contains(o.Features[:i], feature):
			return &graph.InputError{Field: field, Reason: fmt.Sprintf("names %.60q a second time", feature)}
		case known && !slices.Contains(facts.Features, feature):
			return &graph.InputError{
				Field:  field,
				Reason: fmt.Sprintf("%.60q is not taken by Embedded Signup %s; it takes %q", feature, facts.Version, facts.Features),
			}
		}
	}
	if o.FeatureType == FeatureCoexistence && slices.Contains(o.Features, AppOnlyInstall) {
		return &graph.InputError{Field: "extras.features", Reason: "app_only_install cannot onboard numbers of the WhatsApp Business app"}
	}
	return nil
}

// sessionInfoVersion makes V2's popup post its message.
const sessionInfoVersion = "3"

// oldFeature is how the flow from before login configurations was chosen.
const oldFeature = "whatsapp_embedded_signup"

type launchWire struct {
	ConfigID     string          `json:"config_id,omitempty"`
	ResponseType string          `json:"response_type,omitempty"`
	Override     bool            `json:"override_default_response_type,omitempty"`
	Scope        string          `json:"scope,omitempty"`
	Extras       json.RawMessage `json:"extras"`
}

type extrasWire struct {
	Version            Version       `json:"version,omitempty"`
	Feature            string        `json:"feature,omitempty"`
	FeatureType        FeatureType   `json:"featureType,omitempty"`
	Features           []featureWire `json:"features,omitempty"`
	SessionInfoVersion string        `json:"sessionInfoVersion,omitempty"`
	Setup              Prefill       `json:"setup"`
}

type featureWire struct {
	Name Feature `json:"name"`
}

// MarshalJSON writes the object that FB.login takes, after Check. As always
// with encoding/json, <, > and & are escaped, so that no client's name ends
// the script element around it.
func (o LaunchOptions) MarshalJSON() ([]byte, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	extras, err := o.extras()
	if err != nil {
		return nil, err
	}
	if len(o.Scopes) > 0 {
		return json.Marshal(launchWire{Scope: strings.Join(o.Scopes, ","), Extras: extras})
	}
	// Without the override the JavaScript SDK's own response types win over
	// response_type, and the callback has no code.
	return json.Marshal(launchWire{ConfigID: o.ConfigID, ResponseType: "code", Override: true, Extras: extras})
}

func (o LaunchOptions) extras() (json.RawMessage, error) {
	wire := extrasWire{Version: o.Version, FeatureType: o.FeatureType, Setup: o.Setup}
	for _, feature := range o.Features {
		wire.Features = append(wire.Features, featureWire{feature})
	}
	if facts, _ := o.Version.Facts(); facts.AsksForSessionInfo {
		wire.SessionInfoVersion = sessionInfoVersion
	}
	if len(o.Scopes) > 0 {
		wire.Feature = oldFeature
	}
	text, err := json.Marshal(wire)
	if err != nil || len(o.Extras) == 0 {
		return text, err
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for key, value := range o.Extras {
		if all[key], err = json.Marshal(value); err != nil {
			return nil, &graph.InputError{Field: "extras." + key, Reason: "cannot be marshalled: " + err.Error()}
		}
	}
	return json.Marshal(all)
}
