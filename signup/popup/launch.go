package popup

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// LaunchOptions are the second argument of FB.login, the call that opens Embedded Signup
// in the page. MarshalJSON writes them as the object that FB.login takes, and the result
// is safe inside a script element. In a template of html/template write
//
//	FB.login(finished, {{.Launch}})
//
// where Launch is a LaunchOptions. Options that Meta would ignore, or answer with an
// empty screen, are an InputError of Check and of MarshalJSON.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/implementation
type LaunchOptions struct {
	// ConfigID is the id of the app's login configuration. The configuration decides
	// which permissions the popup asks for, how long the tokens live, and, from V4 on,
	// which products the customer signs up for.
	ConfigID string
	// Version is the version of Embedded Signup. If it is empty, none is sent, and the
	// login configuration decides, as Meta does it for V4; Check then applies the rules
	// of V4.
	Version Version
	// FeatureType selects another signup than the default one.
	FeatureType FeatureType
	// Features are additions to the signup.
	Features []Feature
	// Setup fills in what the BSP already knows about the customer.
	Setup Prefill
	// Scopes start the older login, which has no login configuration. Set it instead
	// of ConfigID, and without Version, FeatureType and Features. Its callback has an
	// access token instead of a code. Meta's pages no longer show it.
	Scopes []string
	// Extras are further members of the extras object, for later versions. A key that
	// one of the fields above writes is an InputError.
	Extras map[string]any
}

// OldScopes returns the permissions that the older login, without a login configuration,
// asks for: LaunchOptions{Scopes: popup.OldScopes()}.
func OldScopes() []string {
	return []string{"business_management", "whatsapp_business_management"}
}

// Check returns an InputError if Meta would not do what the options say. The error names
// the field by its path in the object. For an unknown version, Check applies only the
// rules that hold for all versions. It accepts a version that has ended; see
// [Version.Ended].
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

// extrasKeys are the keys of extras that the fields of LaunchOptions write.
var extrasKeys = [...]string{"setup", "version", "featureType", "features", "sessionInfoVersion", "feature"}

func (o LaunchOptions) checkOld() error {
	switch {
	case o.ConfigID != "":
		return &graph.InputError{Field: "scope", Reason: "must not be sent with a config_id: the configuration names the permissions"}
	case o.Version != "" || o.FeatureType != "" || len(o.Features) > 0:
		return &graph.InputError{Field: "scope", Reason: "belongs to the older login, which has no versions and features: use a config_id"}
	case slices.Contains(o.Scopes, ""):
		return &graph.InputError{Field: "scope", Reason: "contains an empty name"}
	}
	return nil
}

func (o LaunchOptions) checkFeatures() error {
	facts, known := o.Version.Facts()
	if known && o.FeatureType != "" && !slices.Contains(facts.FeatureTypes, o.FeatureType) {
		return &graph.InputError{
			Field:  "extras.featureType",
			Reason: fmt.Sprintf("%.60q is not supported by Embedded Signup %s, which supports %q", o.FeatureType, facts.Version, facts.FeatureTypes),
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
				Reason: fmt.Sprintf("%.60q is not supported by Embedded Signup %s, which supports %q", feature, facts.Version, facts.Features),
			}
		}
	}
	if o.FeatureType == FeatureCoexistence && slices.Contains(o.Features, AppOnlyInstall) {
		return &graph.InputError{Field: "extras.features", Reason: "app_only_install cannot onboard numbers of the WhatsApp Business app"}
	}
	return nil
}

// sessionInfoVersion makes the popup of V2 post its event.
const sessionInfoVersion = "3"

// oldFeature selects Embedded Signup in the older login, without a login configuration.
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

// MarshalJSON returns the object that FB.login takes, or the error of Check. It escapes
// <, > and &, as encoding/json does, so that the name of a customer cannot end the script
// element around it.
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
	// Without the override, the JavaScript SDK uses its own response types instead of
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
