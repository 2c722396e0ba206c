package graph_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// wireError is a raw answer and the error that it has to become.
type wireError struct {
	status  int
	body    string
	headers []string
	write   bool
	want    graph.Error
}

// essence returns the parts of an error that depend on the answer.
func essence(e *graph.Error) graph.Error {
	return graph.Error{
		Kind: e.Kind, Status: e.Status, Code: e.Code, Subcode: e.Subcode, Type: e.Type, Message: e.Message,
		UserTitle: e.UserTitle, UserMessage: e.UserMessage, Details: e.Details, BlameFields: e.BlameFields,
		TraceID: e.TraceID, Transient: e.Transient, OriginalResponse: e.OriginalResponse,
	}
}

func runWireErrors(t *testing.T, cases map[string]wireError) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.want.Status == 0 {
				c.want.Status = c.status
			}
			req := read(graph.RepeatAuto)
			if c.write {
				req = write(graph.RepeatAuto)
			}
			w := newWire(reply(c.status, c.body, c.headers...))
			client := newClient(t, w, graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1}))
			var out struct {
				ID graph.WABAID `json:"id"`
			}
			require.Equal(t, c.want, essence(graphErrorOf(t, client.Do(t.Context(), req, &out))))
		})
	}
}

func TestError_ReadFromGraph(t *testing.T) {
	runWireErrors(t, map[string]wireError{
		"everything": {status: 400, body: `{"error":{"message":"(#131030) Recipient phone number not in allowed list","type":"OAuthException","code":100,
			"error_data":{"messaging_product":"whatsapp","details":"add it first"},"error_subcode":2655007,"error_user_title":"Title","error_user_msg":"Text",
			"is_transient":false,"fbtrace_id":"Atrace","help_center_id":1},"request":{}}`, want: graph.Error{
			Kind: graph.ErrInvalid, Code: 100, Subcode: 2655007, Type: "OAuthException", Message: "(#131030) Recipient phone number not in allowed list",
			UserTitle: "Title", UserMessage: "Text", Details: "add it first", TraceID: "Atrace"}},
		"strings for numbers":         {status: 400, body: `{"error":{"code":"190","error_subcode":"463"}}`, want: graph.Error{Kind: graph.ErrAuth, Code: 190, Subcode: 463}},
		"null keys":                   {status: 400, body: `{"error":{"message":"m","code":4,"error_subcode":null,"type":null,"error_data":null,"is_transient":null}}`, want: graph.Error{Kind: graph.ErrThrottled, Code: 4, Message: "m"}},
		"blame field specs":           {status: 400, body: `{"error":{"code":100,"error_data":{"blame_field_specs":[["pin"],["data","0"]]}}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, BlameFields: []string{"pin", "data.0"}}},
		"blame field":                 {status: 400, body: `{"error":{"code":100,"error_data":{"blame_field":"pin"}}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, BlameFields: []string{"pin"}}},
		"error_data is a text":        {status: 400, body: `{"error":{"code":100,"error_data":"free text"}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, Details: "free text"}},
		"error_data is JSON text":     {status: 400, body: `{"error":{"code":100,"error_data":"{\"details\":\"d\",\"blame_field_specs\":[[\"x\"]]}"}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, Details: "d", BlameFields: []string{"x"}}},
		"error_data is broken JSON":   {status: 400, body: `{"error":{"code":100,"error_data":"{\"details\":"}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, Details: `{"details":`}},
		"error_data is a list":        {status: 400, body: `{"error":{"code":100,"error_data":[1]}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100}},
		"trace id only in the header": {status: 400, body: `{"error":{"code":100}}`, headers: []string{"X-Fb-Trace-Id: Aheader"}, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, TraceID: "Aheader"}},
		"transient":                   {status: 400, body: `{"error":{"code":98765,"is_transient":"true"}}`, want: graph.Error{Kind: graph.ErrTransient, Code: 98765, Transient: true}},
		"transient throttle":          {status: 429, body: `{"error":{"code":4,"error_subcode":2446079,"is_transient":true}}`, want: graph.Error{Kind: graph.ErrThrottled, Code: 4, Subcode: 2446079, Transient: true}},
		"unknown code":                {status: 400, body: `{"error":{"code":98765,"message":"new"}}`, want: graph.Error{Kind: graph.ErrUnclassified, Code: 98765, Message: "new"}},
		"unknown code, 500":           {status: 500, body: `{"error":{"code":98765}}`, want: graph.Error{Kind: graph.ErrTransient, Code: 98765}},
		"code 0":                      {status: 401, body: `{"error":{"code":0}}`, want: graph.Error{Kind: graph.ErrAuth}},
		"no code":                     {status: 400, body: `{"error":{"message":"m"}}`, want: graph.Error{Kind: graph.ErrUnclassified, Message: "m"}},
		"null code":                   {status: 400, body: `{"error":{"code":null}}`, want: graph.Error{Kind: graph.ErrUnclassified}},
		"empty code":                  {status: 400, body: `{"error":{"code":""}}`, want: graph.Error{Kind: graph.ErrUnclassified}},
		"code of a wrong type":        {status: 400, body: `{"error":{"code":{"n":190},"message":"m"}}`, want: graph.Error{Kind: graph.ErrUnclassified, Message: "m"}},
		"known number as subcode":     {status: 400, body: `{"error":{"code":100,"error_subcode":2388103}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100, Subcode: 2388103}},
		"too much data":               {status: 500, body: `{"error":{"code":1,"message":"Please reduce the amount of data you're asking for, then retry your request"}}`, want: graph.Error{Kind: graph.ErrTooMuchData, Code: 1, Message: "Please reduce the amount of data you're asking for, then retry your request"}},
		"a text":                      {status: 400, body: `{"error":"some string"}`, want: graph.Error{Kind: graph.ErrUnclassified, Message: "some string"}},
		"a text, 429":                 {status: 429, body: `{"error":"slow down"}`, want: graph.Error{Kind: graph.ErrThrottled, Message: "slow down"}},
		"a text in a 200":             {status: 200, body: `{"error":"some string"}`, want: graph.Error{Kind: graph.ErrUnclassified, Message: "some string"}},
		"an error in a 200":           {status: 200, body: `{"error":{"code":190,"message":"m"}}`, want: graph.Error{Kind: graph.ErrAuth, Code: 190, Message: "m"}},
	})
}

func TestError_WrongTypeLosesOneKey(t *testing.T) {
	whole := map[string]any{
		"message": "m", "type": "t", "code": 133016, "error_subcode": 7, "error_user_title": "ut", "error_user_msg": "um",
		"is_transient": false, "fbtrace_id": "A", "error_data": map[string]any{"details": "d"},
	}
	want := graph.Error{
		Kind: graph.ErrWait, Status: 400, Message: "m", Type: "t", Code: 133016, Subcode: 7, UserTitle: "ut", UserMessage: "um", TraceID: "A", Details: "d",
	}
	lose := map[string]func(*graph.Error){
		"message":          func(e *graph.Error) { e.Message = "" },
		"type":             func(e *graph.Error) { e.Type = "" },
		"code":             func(e *graph.Error) { e.Code, e.Kind = 0, graph.ErrUnclassified },
		"error_subcode":    func(e *graph.Error) { e.Subcode = 0 },
		"error_user_title": func(e *graph.Error) { e.UserTitle = "" },
		"error_user_msg":   func(e *graph.Error) { e.UserMessage = "" },
		"is_transient":     func(*graph.Error) {},
		"fbtrace_id":       func(e *graph.Error) { e.TraceID = "" },
		"error_data":       func(e *graph.Error) { e.Details = "" },
	}
	for key, forget := range lose {
		for _, wrong := range []any{[]int{1}, map[string]any{"a": 1}, 1.5} {
			body := maps.Clone(whole)
			body[key] = wrong
			text, err := json.Marshal(map[string]any{"error": body})
			require.NoError(t, err)
			less := want
			forget(&less)
			c := newClient(t, newWire(reply(400, string(text))))
			require.Equal(t, less, essence(graphErrorOf(t, c.Do(t.Context(), read(graph.RepeatAuto), nil))), "%s: %v", key, wrong)
		}
	}
}

func TestError_ReadAfterWriteKeepsTheWrite(t *testing.T) {
	inside := graph.Error{Kind: graph.ErrReadAfterWrite, Code: 100, OriginalResponse: []byte(`{"id":"1"}`)}
	ofRead := graph.Error{Kind: graph.ErrInvalid, Code: 100, OriginalResponse: []byte(`{"id":"1"}`)}
	runWireErrors(t, map[string]wireError{
		"inside":    {write: true, status: 400, body: `{"error":{"code":100,"original_response":{"id":"1"}}}`, want: inside},
		"beside":    {write: true, status: 400, body: `{"error":{"code":100},"original_response":{"id":"1"}}`, want: inside},
		"transient": {write: true, status: 500, body: `{"error":{"code":100,"is_transient":true},"original_response":{"id":"1"}}`, want: graph.Error{Kind: graph.ErrReadAfterWrite, Code: 100, Transient: true, OriginalResponse: []byte(`{"id":"1"}`)}},
		"null":      {write: true, status: 400, body: `{"error":{"code":100,"original_response":null}}`, want: graph.Error{Kind: graph.ErrInvalid, Code: 100}},
		"of a read": {status: 400, body: `{"error":{"code":100,"original_response":{"id":"1"}}}`, want: ofRead},
	})
}

func TestError_AnswerIsNotAGraphError(t *testing.T) {
	html := "<html><title>Error</title></html>"
	text := `the answer is not a Graph error but "text/html" of 33 bytes`
	typed := []string{"Content-Type: text/html"}
	runWireErrors(t, map[string]wireError{
		"HTML 502":        {status: 502, body: html, headers: typed, want: graph.Error{Kind: graph.ErrTransient, Message: text}},
		"HTML 502, write": {write: true, status: 502, body: html, headers: typed, want: graph.Error{Kind: graph.ErrOutcomeUnknown, Message: text}},
		"HTML 429":        {status: 429, body: html, headers: typed, want: graph.Error{Kind: graph.ErrThrottled, Message: text}},
		"HTML 401":        {status: 401, body: html, headers: typed, want: graph.Error{Kind: graph.ErrAuth, Message: text}},
		"HTML 403":        {status: 403, body: html, headers: typed, want: graph.Error{Kind: graph.ErrPermission, Message: text}},
		"HTML 404":        {status: 404, body: html, headers: typed, want: graph.Error{Kind: graph.ErrNotFound, Message: text}},
		"HTML 418":        {status: 418, body: html, headers: typed, want: graph.Error{Kind: graph.ErrBadResponse, Message: text}},
		"empty 500":       {status: 500, want: graph.Error{Kind: graph.ErrTransient, Message: "the answer is not a Graph error but empty"}},
		"empty 400":       {status: 400, body: "  ", want: graph.Error{Kind: graph.ErrBadResponse, Message: "the answer is not a Graph error but empty"}},
		"null error":      {status: 400, body: `{"error":null}`, want: graph.Error{Kind: graph.ErrBadResponse, Message: `the answer is not a Graph error but "text/plain; charset=utf-8" of 14 bytes`}},
		"empty 200":       {status: 200, want: graph.Error{Kind: graph.ErrBadResponse, Message: "the answer is empty"}},
		"null 200":        {status: 200, body: " null\n", want: graph.Error{Kind: graph.ErrBadResponse, Message: "the answer is empty"}},
		"null 200, write": {write: true, status: 200, body: "null", want: graph.Error{Kind: graph.ErrOutcomeUnknown, Message: "the answer is empty"}},
		"HTML 200":        {status: 200, body: html, headers: typed, want: graph.Error{Kind: graph.ErrBadResponse, Message: "the answer is not what this call answers"}},
		"HTML 200, write": {write: true, status: 200, body: html, headers: typed, want: graph.Error{Kind: graph.ErrOutcomeUnknown, Message: "the answer is not what this call answers"}},
		"wrong type 200":  {status: 200, body: `{"id":{"deep":1}}`, want: graph.Error{Kind: graph.ErrBadResponse, Message: "the answer is not what this call answers"}},
		"bare false":      {write: true, status: 200, body: "false", want: graph.Error{Kind: graph.ErrUnclassified, Message: `Meta answered "success": false and no reason`}},
	})
}

func TestClient_Do_SuccessFalseIsAFailure(t *testing.T) {
	for _, body := range []string{`{"success":false}`, `{"success":"false"}`, `{"success":0}`, `{"success":"0"}`, `false`, `"false"`} {
		for name, out := range map[string]any{"success": new(graph.Success), "nothing": nil, "anything": new(any)} {
			err := newClient(t, newWire(reply(http.StatusOK, body))).Do(t.Context(), write(graph.RepeatAuto), out)
			require.ErrorIs(t, err, graph.ErrUnclassified, "%s into %s", body, name)
			require.ErrorContains(t, err, "false")
		}
	}
	for _, body := range []string{`{"success":true}`, `{"success":"true"}`, `{"success":1}`, `true`, `{"id":"1"}`, `{"id":1}`, `{}`} {
		for name, out := range map[string]any{"success": new(graph.Success), "nothing": nil, "anything": new(any)} {
			require.NoError(t, newClient(t, newWire(reply(http.StatusOK, body))).Do(t.Context(), write(graph.RepeatAuto), out), "%s into %s", body, name)
		}
	}
}

func TestClient_Do_NilOutStillNeedsJSON(t *testing.T) {
	for _, body := range []string{"<html>", "", "null", `{"id":`} {
		err := newClient(t, newWire(reply(http.StatusOK, body))).Do(t.Context(), write(graph.RepeatAuto), nil)
		require.ErrorIs(t, err, graph.ErrOutcomeUnknown, body)
	}
}

func TestClient_Do_ErrorKeyInsideData(t *testing.T) {
	body := `{"data":{"error":{"code":190,"message":"expired","subcode":463},"is_valid":false,"scopes":[]}}`
	var out struct {
		Data struct {
			Error struct{ Code int }
		}
	}
	c := newClient(t, newWire(reply(http.StatusOK, body)))
	require.NoError(t, c.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/debug_token"}, &out))
	require.Equal(t, 190, out.Data.Error.Code)
}
