package popup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// ErrForeignMessage means that a window message does not come from Embedded Signup.
// Other frames of Facebook post to the same page too, in JSON or in other formats; skip
// their messages.
var ErrForeignMessage = graph.NewSentinel(graph.ErrBadResponse, "popup: the message is not one of Embedded Signup")

// EventName says how the popup ended.
type EventName string

// The names that Meta documents. Other names that begin with FINISH may follow.
const (
	// EventFinish is the end of the default signup. The number has to be registered.
	EventFinish EventName = "FINISH"
	// EventFinishOnlyWABA brings a WABA without a number.
	EventFinishOnlyWABA EventName = "FINISH_ONLY_WABA"
	// EventFinishCoexistence brings a number of the WhatsApp Business app. The event
	// names only the WABA, and the number must not be registered.
	EventFinishCoexistence EventName = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
	// EventFinishGrantOnly is the end of an app-only install.
	EventFinishGrantOnly EventName = "FINISH_GRANT_ONLY_API_ACCESS"
	// EventFinishMigration means that a WABA that the partner owned on behalf of the
	// customer now belongs to the customer.
	EventFinishMigration EventName = "FINISH_OBO_MIGRATION"
	// EventCancel means that the customer closed the popup, or left after it reported
	// an error.
	EventCancel EventName = "CANCEL"
	// EventError means that an error ended the signup.
	EventError EventName = "ERROR"
)

// Event is the popup's WA_EMBEDDED_SIGNUP message. It comes from a browser without a
// signature, so everything in it is a claim that anybody can make.
type Event struct {
	Name EventName
	// Version is the version of the message. It is empty if the message has none.
	Version string
	// Business, WABAs and Numbers are the ids of the customer's assets. WABAs has
	// waba_id first, then the items of waba_ids.
	Business graph.BusinessID
	WABAs    []graph.WABAID
	Numbers  []graph.PhoneNumberID
	// The other assets that the customer chose, if the login configuration asks for
	// them: at most 100 of each list. Raw has all.
	AdAccounts, Pages, Datasets, Catalogs, InstagramAccounts []string
	// Screen is the screen on which the customer closed the popup. Meta adds values.
	Screen Screen
	// Problem is the error that ended the signup or that the customer reported. It is
	// nil if there was none.
	Problem *Problem
	// Raw is the whole message, for members that have no field above.
	Raw json.RawMessage
}

// Screen is a screen of the popup.
type Screen string

// The screens that Meta documents.
const (
	ScreenPortfolio          Screen = "BUSINESS_ACCOUNT_SELECTION"
	ScreenWABASelection      Screen = "WABA_PHONE_PROFILE_PICKER"
	ScreenWABACreation       Screen = "WHATSAPP_BUSINESS_PROFILE_SETUP"
	ScreenNumberSetup        Screen = "PHONE_NUMBER_SETUP"
	ScreenNumberVerification Screen = "PHONE_NUMBER_VERIFICATION"
	ScreenPermissions        Screen = "PERMISSIONS"
)

// Problem is an error inside the popup.
type Problem struct {
	// ID is Meta's number of the error, or 0 if it has none; see [Problem.Info].
	ID int
	// Message is the text that the customer saw, in the customer's language.
	Message string
	// SessionID and Time identify the error for Meta's support.
	SessionID string
	Time      time.Time
}

// messageType is the type of the messages of Embedded Signup.
const messageType = "WA_EMBEDDED_SIGNUP"

// maxMessage limits the size of a message. The messages of Meta have some hundred
// bytes.
const maxMessage = 64 << 10

// ParseEvent reads a window message. It takes the JSON text of event.data, that text
// inside a JSON string, or the JSON of the object that the page parsed.
//
// Errors: ErrForeignMessage if the message does not come from Embedded Signup. An
// InputError if an id is not valid, or was a JavaScript number and may have lost its
// last digits; also if a list has more than 100 ids, or the message more than 64 KiB.
// Unknown events, screens and fields are not errors; they are in Raw.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/implementation
func ParseEvent(message []byte) (Event, error) {
	if len(message) > maxMessage {
		return Event{}, &graph.InputError{Field: "signup event", Reason: fmt.Sprintf("has %d bytes, more than %d", len(message), maxMessage)}
	}
	message = bytes.TrimSpace(message)
	if len(message) > 0 && message[0] == '"' { // the page called JSON.stringify on the text
		var text string
		if json.Unmarshal(message, &text) != nil {
			return Event{}, ErrForeignMessage
		}
		message = bytes.TrimSpace([]byte(text))
	}
	envelope := object(message)
	if textOf(envelope["type"]) != messageType {
		return Event{}, ErrForeignMessage
	}
	event := Event{
		Name:    EventName(textOf(envelope["event"])),
		Version: textOf(envelope["version"]),
		Raw:     bytes.Clone(message),
	}
	if event.Name == "" {
		return Event{}, &graph.InputError{Field: "event", Reason: "is missing from the signup's message"}
	}
	if err := event.read(object(envelope["data"])); err != nil {
		return Event{}, err
	}
	return event, nil
}

func (e *Event) read(data map[string]json.RawMessage) error {
	businesses, err := claimedIDs[graph.BusinessID](data, "business_id")
	if err != nil {
		return err
	}
	if len(businesses) > 0 {
		e.Business = businesses[0]
	}
	if e.WABAs, err = claimedIDs[graph.WABAID](data, "waba_id", "waba_ids"); err != nil {
		return err
	}
	if e.Numbers, err = claimedIDs[graph.PhoneNumberID](data, "phone_number_id"); err != nil {
		return err
	}
	e.AdAccounts, e.Pages = textsOf(data["ad_account_ids"]), textsOf(data["page_ids"])
	e.Datasets, e.Catalogs = textsOf(data["dataset_ids"]), textsOf(data["catalog_ids"])
	e.InstagramAccounts = textsOf(data["instagram_account_ids"])
	e.Screen = Screen(textOf(data["current_step"]))
	e.Problem = problemOf(e.Name, data)
	return nil
}

// Finished reports whether the customer completed the signup. It is also true if the
// customer closed the popup on the last screen.
func (e Event) Finished() bool { return strings.HasPrefix(string(e.Name), string(EventFinish)) }

// Claim returns the assets that the event names. It is empty unless the event is
// finished.
func (e Event) Claim() signup.Claim {
	if !e.Finished() {
		return signup.Claim{}
	}
	return signup.Claim{Business: e.Business, WABAs: e.WABAs, Numbers: e.Numbers}
}

// Variant returns the kind of signup that the event names. If Meta's pages do not say
// whether the number has to be registered (an app-only install, a migration, an unknown
// name), the variant is VariantCloud and sure is false; then the status of the number
// decides. The variant of an event that is not finished is empty.
func (e Event) Variant() (variant signup.Variant, sure bool) {
	switch e.Name {
	case EventFinish:
		return signup.VariantCloud, true
	case EventFinishOnlyWABA:
		return signup.VariantOnlyWABA, true
	case EventFinishCoexistence:
		return signup.VariantCoexistence, true
	}
	if e.Finished() {
		return signup.VariantCloud, false
	}
	return "", false
}

// String returns one line that says how the popup ended, without ids.
func (e Event) String() string {
	switch {
	case e.Problem != nil && e.Problem.ID != 0:
		return fmt.Sprintf("%s: error %d", e.Name, e.Problem.ID)
	case e.Problem != nil:
		return fmt.Sprintf("%s: error", e.Name)
	case e.Screen != "":
		return fmt.Sprintf("%s at %s", e.Name, e.Screen)
	}
	return string(e.Name)
}
