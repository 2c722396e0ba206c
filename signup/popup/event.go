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

// ErrForeignMessage is about a window message that is not the signup's. Other
// frames of Facebook's post to the same page, in JSON or not; a listener skips
// them.
var ErrForeignMessage = graph.NewSentinel(graph.ErrBadResponse, "popup: the message is not one of Embedded Signup")

// EventName says how the popup ended.
type EventName string

// The names that Meta documents. Other names that begin with FINISH will come.
const (
	// EventFinish: the default course; the number has to be registered.
	EventFinish EventName = "FINISH"
	// EventFinishOnlyWABA: an account without a number.
	EventFinishOnlyWABA EventName = "FINISH_ONLY_WABA"
	// EventFinishCoexistence: a number of the WhatsApp Business app. Only the
	// WABA is named, and the number must not be registered.
	EventFinishCoexistence EventName = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
	// EventFinishGrantOnly: an app-only install.
	EventFinishGrantOnly EventName = "FINISH_GRANT_ONLY_API_ACCESS"
	// EventFinishMigration: an account that was held on behalf of the client
	// went over to it.
	EventFinishMigration EventName = "FINISH_OBO_MIGRATION"
	// EventCancel: closed on the way, or left with a reported error.
	EventCancel EventName = "CANCEL"
	// EventError: ended by an error.
	EventError EventName = "ERROR"
)

// Event is the popup's WA_EMBEDDED_SIGNUP message. It comes out of a browser,
// unsigned: everything in it is a claim that anybody can make.
type Event struct {
	Name EventName
	// Version is the message's own version, empty if it names none.
	Version string
	// Business, WABAs and Numbers are the ids of the client's assets: waba_id
	// first, then those of waba_ids.
	Business graph.BusinessID
	WABAs    []graph.WABAID
	Numbers  []graph.PhoneNumberID
	// The other assets that the client chose, where the login configuration
	// asks for them.
	AdAccounts, Pages, Datasets, Catalogs, InstagramAccounts []string
	// Screen is the screen on which the client closed the popup. Meta adds values.
	Screen Screen
	// Problem is the error that ended the signup or that the client reported.
	Problem *Problem
	// Raw is the message as it came, for what no field above holds.
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
	// ID is Meta's number for it, 0 if there is none; see [Problem.Info].
	ID int
	// Message is what the client was shown, in the client's language.
	Message string
	// SessionID and Time are what Meta's support asks for.
	SessionID string
	Time      time.Time
}

// messageType marks the signup's messages among the others.
const messageType = "WA_EMBEDDED_SIGNUP"

// maxMessage bounds what a page may post as a message: Meta's have hundreds of
// bytes.
const maxMessage = 64 << 10

// ParseEvent reads a window message: event.data as it is, which is JSON text,
// or that text inside a JSON string, or the object that a page made of it. What
// is not the signup's is ErrForeignMessage. An id that cannot be one, or that
// went through a JavaScript number and may have lost its last digits, is an
// InputError; unknown events, screens and fields are none, and stay in Raw.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/implementation
func ParseEvent(message []byte) (Event, error) {
	if len(message) > maxMessage {
		return Event{}, &graph.InputError{Field: "signup event", Reason: fmt.Sprintf("has %d bytes, more than %d", len(message), maxMessage)}
	}
	message = bytes.TrimSpace(message)
	if len(message) > 0 && message[0] == '"' { // JSON.stringify of what was text
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

// Finished tells whether the client went through to the end. Closing the popup
// on its last screen counts as that.
func (e Event) Finished() bool { return strings.HasPrefix(string(e.Name), string(EventFinish)) }

// Claim is what the event says was signed up; nothing unless it is finished.
func (e Event) Claim() signup.Claim {
	if !e.Finished() {
		return signup.Claim{}
	}
	return signup.Claim{Business: e.Business, WABAs: e.WABAs, Numbers: e.Numbers}
}

// Variant is the kind of signup that the event names. Sure is false where
// Meta's pages leave open whether the number has to be registered (an app-only
// install, a migration, a name of the future): the variant is VariantCloud
// then, and the number's status decides. An event that is not finished names
// none.
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

// String says in a line how the popup ended, without ids.
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
