package popup_test

import (
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func ExampleParseEvent() {
	event, err := popup.ParseEvent([]byte(`{
		"type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "version": 3,
		"data": {"phone_number_id": "106540352242922", "waba_id": "524126980791429", "business_id": "2729063490586005"}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	variant, _ := event.Variant()
	fmt.Println(event, variant)
	fmt.Printf("%+v\n", event.Claim())
	// Output:
	// FINISH cloud
	// {Business:2729063490586005 WABAs:[524126980791429] Numbers:[106540352242922] PreVerified:[] Solution:}
}

// Other frames of Facebook post to the same page too.
func ExampleParseEvent_otherFrame() {
	_, err := popup.ParseEvent([]byte("cb=f1a2&domain=example.com&relation=opener"))
	fmt.Println(errors.Is(err, popup.ErrForeignMessage))
	// Output:
	// true
}

// An id that was a JavaScript number is refused: its last digits may be lost.
func ExampleParseEvent_roundedID() {
	_, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":102289599326934100}}`))
	fmt.Println(err)
	// Output:
	// wagraph: waba_id is the number 102289599326934100, which JavaScript may have rounded: the page must pass ids on as strings
}

func ExampleEvent_Finished() {
	event, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{"current_step":"PHONE_NUMBER_SETUP"}}`))
	fmt.Println(event.Finished(), event.Screen, err)
	// Output:
	// false PHONE_NUMBER_SETUP <nil>
}

func ExampleEvent_Variant() {
	event := popup.Event{Name: popup.EventFinishCoexistence}
	fmt.Println(event.Variant())
	event.Name = "FINISH_SOMETHING_NEW" // the status of the number decides
	fmt.Println(event.Variant())
	// Output:
	// coexistence true
	// cloud false
}

func ExampleProblem_Info() {
	event, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{
		"error_message": "Try again later.", "error_code": 3441049, "session_id": "f34b51dab5e0498", "timestamp": "1746041036"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	info, known := event.Problem.Info()
	fmt.Println(known, info.Group, info.Wait)
	fmt.Println(info.Advice)
	fmt.Println(event.Problem.SessionID)
	// Output:
	// true coexistence 15m0s
	// Have the client try again after 15 minutes
	// f34b51dab5e0498
}

func ExampleLookupError() {
	info, known := popup.LookupError(2388002)
	fmt.Println(known, info.Group)
	// Output:
	// true number_limit
}

func ExampleTrustedOrigin() {
	for _, origin := range []string{"https://www.facebook.com", "https://evilfacebook.com", "http://www.facebook.com"} {
		fmt.Println(origin, popup.TrustedOrigin(origin))
	}
	// Output:
	// https://www.facebook.com true
	// https://evilfacebook.com false
	// http://www.facebook.com false
}
