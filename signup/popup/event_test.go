package popup_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

const finish = `{"data":{"phone_number_id":"106540352242922","waba_id":"524126980791429","business_id":"2729063490586005"},` +
	`"type":"WA_EMBEDDED_SIGNUP","event":"FINISH"}`

func TestParseEvent(t *testing.T) {
	for name, test := range map[string]struct {
		data    string // the message's data
		event   string
		want    popup.Event
		variant signup.Variant
		sure    bool
	}{
		"cloud": {
			event: "FINISH", data: `{"phone_number_id":"1065","waba_id":"5241","business_id":"2729"}`,
			want:    popup.Event{Business: "2729", WABAs: []graph.WABAID{"5241"}, Numbers: []graph.PhoneNumberID{"1065"}},
			variant: signup.VariantCloud, sure: true,
		},
		"cloud with all other assets": {
			event: "FINISH",
			data: `{"phone_number_id":"1065","waba_id":"5241","waba_ids":["5242","5241",5243],"business_id":"2729","ad_account_ids":["act_9","act_9"],
				"page_ids":["7",8],"dataset_ids":["6"],"catalog_ids":[],"instagram_account_ids":["5"],"a_new_one":{"x":[1]}}`,
			want: popup.Event{
				Business: "2729", WABAs: []graph.WABAID{"5241", "5242", "5243"}, Numbers: []graph.PhoneNumberID{"1065"},
				AdAccounts: []string{"act_9"}, Pages: []string{"7", "8"}, Datasets: []string{"6"}, InstagramAccounts: []string{"5"},
			},
			variant: signup.VariantCloud, sure: true,
		},
		"values that are not lists": {
			event: "FINISH", data: `{"waba_ids":"5241","page_ids":"7","dataset_ids":{"a":1},"catalog_ids":[null,true,["x"],""],"phone_number_id":null,"business_id":""}`,
			want:    popup.Event{WABAs: []graph.WABAID{"5241"}, Pages: []string{"7"}},
			variant: signup.VariantCloud, sure: true,
		},
		"only a WABA": {
			event: "FINISH_ONLY_WABA", data: `{"waba_id":"5241"}`,
			want:    popup.Event{WABAs: []graph.WABAID{"5241"}},
			variant: signup.VariantOnlyWABA, sure: true,
		},
		"coexistence": {
			event: "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", data: `{"waba_id":"5241"}`,
			want:    popup.Event{WABAs: []graph.WABAID{"5241"}},
			variant: signup.VariantCoexistence, sure: true,
		},
		"app-only install": {
			event: "FINISH_GRANT_ONLY_API_ACCESS", data: `{"phone_number_id":"1065","waba_id":"5241","business_id":"2729"}`,
			want:    popup.Event{Business: "2729", WABAs: []graph.WABAID{"5241"}, Numbers: []graph.PhoneNumberID{"1065"}},
			variant: signup.VariantCloud,
		},
		"migration": {
			event: "FINISH_OBO_MIGRATION", data: `{}`, want: popup.Event{}, variant: signup.VariantCloud,
		},
		"finished with an unknown name": {
			event: "FINISH_ON_THE_MOON", data: `{"waba_id":"5241","crater":"Tycho"}`,
			want:    popup.Event{WABAs: []graph.WABAID{"5241"}},
			variant: signup.VariantCloud,
		},
		"abandoned": {
			event: "CANCEL", data: `{"current_step":"PHONE_NUMBER_SETUP"}`, want: popup.Event{Screen: popup.ScreenNumberSetup},
		},
		"abandoned on a new screen": {
			event: "CANCEL", data: `{"current_step":"PASSKEY","session_id":"f34b51dab5e0498"}`, want: popup.Event{Screen: "PASSKEY"},
		},
		"reported error, as error_id": {
			event: "CANCEL", data: `{"error_message":"Your verified name violates WhatsApp guidelines.","error_id":"524126","session_id":"f34b51dab5e0498","timestamp":"1746041036"}`,
			want: popup.Event{Problem: &popup.Problem{
				ID: 524126, Message: "Your verified name violates WhatsApp guidelines.", SessionID: "f34b51dab5e0498", Time: time.Unix(1746041036, 0).UTC(),
			}},
		},
		"reported error, as error_code, in numbers": {
			event: "CANCEL", data: `{"error_message":"m","error_code":2655094,"session_id":17,"timestamp":1746041036}`,
			want: popup.Event{Problem: &popup.Problem{ID: 2655094, Message: "m", SessionID: "17", Time: time.Unix(1746041036, 0).UTC()}},
		},
		"reported error without a number": {
			event: "CANCEL", data: `{"error_message":"m","error_id":null,"error_code":"none","timestamp":"tomorrow"}`,
			want: popup.Event{Problem: &popup.Problem{Message: "m"}},
		},
		"error": {
			event: "ERROR", data: `{"error_code":"2388002"}`, want: popup.Event{Problem: &popup.Problem{ID: 2388002}},
		},
		"error without data": {
			event: "ERROR", data: `null`, want: popup.Event{Problem: &popup.Problem{}},
		},
		"something new": {
			event: "PAUSED", data: `{"waba_id":"5241"}`, want: popup.Event{WABAs: []graph.WABAID{"5241"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := fmt.Sprintf(`{"type":"WA_EMBEDDED_SIGNUP","event":%q,"version":3,"data":%s}`, test.event, test.data)
			test.want.Name, test.want.Version, test.want.Raw = popup.EventName(test.event), "3", json.RawMessage(message)
			event, err := popup.ParseEvent([]byte(message))
			require.NoError(t, err)
			require.Equal(t, test.want, event)

			variant, sure := event.Variant()
			require.Equal(t, test.variant, variant)
			require.Equal(t, test.sure, sure)
			require.Equal(t, test.variant != "", event.Finished())
			if event.Finished() {
				require.Equal(t, signup.Claim{Business: event.Business, WABAs: event.WABAs, Numbers: event.Numbers}, event.Claim())
			} else {
				require.Equal(t, signup.Claim{}, event.Claim(), "an unfinished event has an empty claim")
			}
		})
	}
}

func TestParseEvent_FormsOfThePage(t *testing.T) {
	want, err := popup.ParseEvent([]byte(finish))
	require.NoError(t, err)
	require.Equal(t, popup.EventFinish, want.Name)
	require.Empty(t, want.Version)
	require.JSONEq(t, finish, string(want.Raw))

	quoted, err := json.Marshal(finish)
	require.NoError(t, err)
	for _, message := range []string{string(quoted), " \n" + finish + "\n", strconv.Quote("  " + finish)} {
		event, err := popup.ParseEvent([]byte(message))
		require.NoError(t, err)
		require.Equal(t, want, event)
	}

	event, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","version":"3.1"}`))
	require.NoError(t, err)
	require.Equal(t, "3.1", event.Version)
	require.True(t, event.Finished())
}

func TestParseEvent_CopiesTheMessage(t *testing.T) {
	message := []byte(finish)
	event, err := popup.ParseEvent(message)
	require.NoError(t, err)
	clear(message)
	require.JSONEq(t, finish, string(event.Raw))
}

func TestParseEvent_MessagesOfOtherFrames(t *testing.T) {
	for _, message := range []string{
		"", " ", "null", "true", "17", "[]", "{}", `"`, `"hello"`, `"{}"`, "\xff", "undefined", "[object Object]",
		"cb=f2a1b&domain=example.com&is_canvas=false&relation=opener", "_FB_{}", `setImmediate$0.12$1`,
		`{"type":"FBMESSAGE"}`, `{"type":["WA_EMBEDDED_SIGNUP"]}`, `{"type":"wa_embedded_signup","event":"FINISH"}`, `{"TYPE":"WA_EMBEDDED_SIGNUP","event":"FINISH"}`,
		finish + finish, finish[:len(finish)-1], `"\"` + "WA_EMBEDDED_SIGNUP" + `\""`,
	} {
		_, err := popup.ParseEvent([]byte(message))
		require.ErrorIs(t, err, popup.ErrForeignMessage, message)
		require.NotErrorIs(t, err, graph.ErrInput)
	}
}

func TestParseEvent_BadIDs(t *testing.T) {
	for name, test := range map[string]struct{ field, data string }{
		"rounded, with an exponent": {"waba_id", `{"waba_id":1.0234e+17}`},
		"an exponent in a string":   {"waba_id", `{"waba_id":"1.0234e+17"}`},
		"past 2^53":                 {"phone_number_id", `{"phone_number_id":9007199254740992}`},
		"17 digits as a number":     {"business_id", `{"business_id":17841400000000001}`},
		"in the list":               {"waba_ids", `{"waba_id":"1","waba_ids":["2",102289599326934100]}`},
		"negative":                  {"waba_id", `{"waba_id":-1}`},
		"a fraction":                {"waba_id", `{"waba_id":10.5}`},
		"letters":                   {"waba_id", `{"waba_id":"undefined"}`},
		"a path":                    {"waba_id", `{"waba_id":"1/../2"}`},
		"too long":                  {"waba_id", `{"waba_id":"123456789012345678901"}`},
		"an object":                 {"waba_id", `{"waba_id":{"id":"1"}}`},
		"a boolean":                 {"phone_number_id", `{"phone_number_id":true}`},
		"a list in the list":        {"waba_ids", `{"waba_ids":[["1"]]}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":` + test.data + `}`))
			require.ErrorIs(t, err, graph.ErrInput)
			require.Equal(t, test.field, inputFieldOf(t, err))
		})
	}
	event, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":9007199254740991}}`))
	require.NoError(t, err, "the largest integer that JavaScript represents exactly")
	require.Equal(t, []graph.WABAID{"9007199254740991"}, event.WABAs)
}

func TestParseEvent_MissingNameOrTooLong(t *testing.T) {
	_, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","data":{"waba_id":"1"}}`))
	require.Equal(t, "event", inputFieldOf(t, err))
	_, err = popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":"` + strings.Repeat("x", 64<<10) + `"}`))
	require.Equal(t, "signup event", inputFieldOf(t, err))
}

// listEvent returns a message with a list of as many items, each with its own text.
func listEvent(member, format string, count int) []byte {
	items := make([]string, count)
	for i := range items {
		items[i] = fmt.Sprintf(format, 10_000+i)
	}
	return []byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"` + member + `":[` + strings.Join(items, ", ") + `]}}`)
}

func TestParseEvent_LongLists(t *testing.T) {
	for _, member := range []string{"business_id", "waba_id", "waba_ids", "phone_number_id"} {
		_, err := popup.ParseEvent(listEvent(member, `"%d"`, 100))
		require.NoError(t, err)
		_, err = popup.ParseEvent(listEvent(member, `"%d"`, 101))
		require.Equal(t, member, inputFieldOf(t, err))
	}
	event, err := popup.ParseEvent(listEvent("page_ids", `"%d"`, 101))
	require.NoError(t, err)
	require.Len(t, event.Pages, 100)
	require.Contains(t, string(event.Raw), `"10100"`)
}

// The work does not grow with the length of a list: the items after the limit are not
// decoded, and not compared with others.
func TestParseEvent_LongLists_Work(t *testing.T) {
	for _, member := range []string{"business_id", "waba_ids", "phone_number_id", "ad_account_ids", "page_ids", "dataset_ids", "catalog_ids", "instagram_account_ids"} {
		for _, format := range []string{"%d", `"%d"`} {
			allocations := func(count int) float64 {
				message := listEvent(member, format, count)
				require.Less(t, len(message), 64<<10)
				return testing.AllocsPerRun(5, func() { _, _ = popup.ParseEvent(message) })
			}
			few, many := allocations(200), allocations(6500)
			require.InDelta(t, few, many, 20, member)
		}
	}
}

func TestEvent_String(t *testing.T) {
	for want, message := range map[string]string{
		"FINISH":                       finish,
		"CANCEL at PHONE_NUMBER_SETUP": `{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{"current_step":"PHONE_NUMBER_SETUP"}}`,
		"CANCEL: error 2655094":        `{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{"error_id":"2655094"}}`,
		"ERROR: error":                 `{"type":"WA_EMBEDDED_SIGNUP","event":"ERROR"}`,
	} {
		event, err := popup.ParseEvent([]byte(message))
		require.NoError(t, err)
		require.Equal(t, want, event.String())
	}
}

func TestProblem_Time_CanBeMarshalled(t *testing.T) {
	for _, stamp := range []string{"9223372036854775807", "-9223372036854775808", `"99999999999999"`} {
		event, err := popup.ParseEvent([]byte(`{"type":"WA_EMBEDDED_SIGNUP","event":"ERROR","data":{"timestamp":` + stamp + `}}`))
		require.NoError(t, err)
		require.Zero(t, event.Problem.Time)
		_, err = json.Marshal(event)
		require.NoError(t, err)
	}
}

func FuzzParseEvent(f *testing.F) {
	quoted, _ := json.Marshal(finish)
	for _, seed := range []string{
		finish, string(quoted), `{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","version":3,"data":{"current_step":"PERMISSIONS"}}`,
		`{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{"error_message":"m","error_code":1,"session_id":"s","timestamp":"1746041036"}}`,
		`{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_ids":["1",2,3e3,null],"page_ids":[{}]}}`, "null", "", `{"type":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		event, err := popup.ParseEvent(message)
		if err != nil {
			require.Equal(t, popup.Event{}, event)
			if err != popup.ErrForeignMessage { //nolint:errorlint // exactly one of two
				require.ErrorIs(t, err, graph.ErrInput)
			}
			return
		}
		require.NotEmpty(t, event.Name)
		require.True(t, json.Valid(event.Raw))
		for _, id := range event.WABAs {
			require.NoError(t, graph.CheckID("waba-id", id))
		}
		for _, id := range event.Numbers {
			require.NoError(t, graph.CheckID("phone-number-id", id))
		}
		if event.Business != "" {
			require.NoError(t, graph.CheckID("business-id", event.Business))
		}
		again, err := popup.ParseEvent(event.Raw)
		require.NoError(t, err)
		require.Equal(t, event, again)
		_, err = json.Marshal(event)
		require.NoError(t, err)
	})
}
