package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// fuzzClient answers everything with one body, once.
func fuzzClient(t *testing.T, script ...answer) (*graph.Client, *wire) {
	t.Helper()
	w := newWire(script...)
	return newClient(t, w, graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1})), w
}

func FuzzErrorEnvelope(f *testing.F) {
	for _, body := range []string{
		`{"error":{"message":"m","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"A"}}`,
		`{"error":{"code":"100","error_data":"{\"details\":\"d\",\"blame_field_specs\":[[\"pin\"]]}","is_transient":true}}`,
		`{"error":{"code":100,"error_data":{"details":1}},"original_response":{"id":"1"}}`,
		`{"error":"text"}`, `{"error":null}`, `{"error":{}}`, `{"error":[{"code":4}]}`, `{"error":{"code":1e2}}`, `{"error":{"code":{}}}`,
		`{"error":{"message":"` + token + `"}}`, `{"success":false}`, `false`, `true`, `null`, ``, `{}`, `[]`, `<html>`, `{"id":"1`, "true\f", "\u00a0{}",
		`{"data":{"error":{"code":190}}}`, `{"error":{"code":1,"message":"Please reduce the amount of data you're asking for"}}`,
	} {
		for _, status := range []uint16{200, 400, 429, 500} {
			f.Add(status, []byte(body), status == 400)
		}
	}
	f.Fuzz(func(t *testing.T, status uint16, body []byte, isWrite bool) {
		status = 200 + status%400
		req := read(graph.RepeatAuto)
		if isWrite {
			req = write(graph.RepeatAuto)
		}
		client, w := fuzzClient(t, reply(int(status), string(body)))
		err := client.Do(t.Context(), req, nil)
		require.Equal(t, 1, w.count())
		if err == nil {
			require.Less(t, status, uint16(300))
			require.True(t, json.Valid(body), "a success is JSON")
			return
		}
		e := graphErrorOf(t, err)
		require.NotEmpty(t, e.Kind)
		require.Equal(t, int(status), e.Status)
		require.Equal(t, 1, e.Attempts)
		require.NotContains(t, err.Error(), token)
		require.NotContains(t, string(e.OriginalResponse), token)
		if isWrite {
			require.NotEqual(t, graph.ErrTransient, e.Kind, "the write may have been done")
		}
		// The SDK finds at least what a strict reader finds.
		var outer, inner map[string]json.RawMessage
		if json.Unmarshal(body, &outer) != nil || json.Unmarshal(outer["error"], &inner) != nil || status >= 300 && status < 400 {
			return
		}
		var number *int
		if json.Unmarshal(inner["code"], &number) == nil && number != nil {
			require.Equal(t, *number, e.Code)
		}
		var message string
		if json.Unmarshal(inner["message"], &message) == nil && !containsSecret(message) {
			require.Equal(t, message, e.Message)
		}
	})
}

// containsSecret reports whether a part of the text would be redacted.
func containsSecret(text string) bool {
	for _, secret := range []string{token, proof, appSecret, code, pin} {
		quoted, _ := json.Marshal(secret)
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "/", `\/`), string(bytes.Trim(quoted, `"`)),
		} {
			if strings.Contains(text, form) {
				return true
			}
		}
	}
	return false
}

func FuzzUsage(f *testing.F) {
	f.Add(`{"call_count":28,"total_time":25,"total_cputime":25}`, `{"1":[{"type":"whatsapp","call_count":1,"estimated_time_to_regain_access":19}]}`)
	f.Add(`{"call_count":1.5}`, `{"1":[{"call_count":"x"}],"1":[{}],"2":[{"estimated_time_to_regain_access":"99999999999"}]}`)
	f.Add(`[]`, `{"1":{},"2":[{"type":"t"}`)
	f.Add(``, `{"1":[{"estimated_time_to_regain_access":-1}]}`)
	f.Fuzz(func(t *testing.T, app, assets string) {
		usage := graph.ParseUsage(app, assets)
		require.LessOrEqual(t, usage.RegainAfter(), 31*24*time.Hour)
		for _, a := range usage.Assets {
			require.GreaterOrEqual(t, a.RegainAfter, time.Duration(0))
			require.LessOrEqual(t, a.RegainAfter, usage.RegainAfter())
			require.GreaterOrEqual(t, a.Peak(), a.Calls)
		}
		var strict map[string][]struct{}
		if json.Unmarshal([]byte(assets), &strict) == nil {
			n := 0
			for _, cases := range strict {
				n += len(cases)
			}
			require.GreaterOrEqual(t, len(usage.Assets), n, "no case of a well-formed header is lost")
		}
	})
}

func FuzzID(f *testing.F) {
	for _, text := range []string{`"102290129340398"`, `102290129340398`, `90071992547409931`, `null`, `""`, `1.5`, `-1`, `1e9`, `{}`, `"\u0031"`, `01`, ` 1 `} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var id graph.WABAID
		if json.Unmarshal([]byte(text), &id) != nil {
			require.Empty(t, id)
			return
		}
		if number := strings.TrimSpace(text); number != "" && number[0] >= '0' && number[0] <= '9' {
			require.Equal(t, number, string(id), "digits are taken as they stand")
		}
		out, err := json.Marshal(id)
		require.NoError(t, err)
		var again graph.WABAID
		require.NoError(t, json.Unmarshal(out, &again))
		require.Equal(t, id, again)
		if graph.CheckID("waba id", id) == nil {
			require.Regexp(t, `^[0-9]{1,20}$`, string(id))
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, text := range []string{
		`"2017-06-06T18:04:10+0000"`, `1496772250`, `"1496772250"`, `"2017-06-06T18:04:10Z"`, `"2017-06-06T18:04:10.5+02:00"`, `0`, `null`, `""`,
		`-62135596800`, `9223372036854775807`, `253402300800`, `"0000-01-01T00:00:00+2359"`, `"9999-12-31T23:59:59-2359"`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var at, again graph.Time
		if json.Unmarshal([]byte(text), &at) != nil {
			return
		}
		out, err := json.Marshal(at)
		require.NoError(t, err)
		require.True(t, json.Valid(out))
		require.NoError(t, json.Unmarshal(out, &again), "what is written can be read: %s", out)
		require.Equal(t, at.Unix(), again.Unix(), "%s is written as %s", text, out)
		require.Equal(t, at.IsZero(), again.IsZero())
	})
}

func FuzzSuccess(f *testing.F) {
	for _, text := range []string{
		`{"success":true}`, `{"success":"true"}`, `{"success":1}`, `{"success":false}`, `{"success":"0"}`, `true`, `false`, `"false"`, `{}`, `{"id":5}`,
		`{"success":"maybe"}`, `{"success":null,"id":"5"}`, `{"Success":false}`, `{"a":{"success":false}}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out graph.Success
		client, _ := fuzzClient(t, reply(http.StatusOK, text))
		err := client.Do(t.Context(), write(graph.RepeatAuto), &out)
		var strict struct {
			Success *bool           `json:"success"`
			ID      *int64          `json:"id"`
			Error   json.RawMessage `json:"error"`
		}
		if json.Unmarshal([]byte(text), &strict) != nil || strings.TrimSpace(text) == "null" || strict.Error != nil {
			return
		}
		if strict.Success != nil && !strings.Contains(text, `"success"`) {
			return // spelled otherwise: Graph does not
		}
		if strict.Success != nil && !*strict.Success {
			require.ErrorIs(t, err, graph.ErrUnclassified)
			return
		}
		require.NoError(t, err)
		if strict.ID != nil && *strict.ID >= 0 {
			require.Equal(t, strconv.FormatInt(*strict.ID, 10), out.ID)
		}
	})
}

func FuzzNext(f *testing.F) {
	f.Add("https://graph.facebook.com/v25.0/1/x?access_token=EAA&limit=25&after=QVFI", "QVFI")
	f.Add("https://evil.example.com/?access_token=EAA&after=abc", "")
	f.Add("https://graph.intern.facebook.com/v25.0/1/x?after=%zz", "")
	f.Add("?after=a%20b", "")
	f.Add("://", "x")
	f.Add("", "QVFI")
	f.Fuzz(func(t *testing.T, next, after string) {
		if !utf8.ValidString(next) || !utf8.ValidString(after) {
			return // cannot stand in JSON unchanged
		}
		page, err := json.Marshal(map[string]any{
			"data":   []map[string]string{{"id": "1"}},
			"paging": map[string]any{"next": next, "cursors": map[string]string{"after": after}},
		})
		require.NoError(t, err)
		client, w := fuzzClient(t, reply(http.StatusOK, string(page)), reply(http.StatusOK, `{"data":[{"id":"2"}]}`))
		var ids []string
		var failed error
		for item, err := range graph.NewList[struct{ ID string }](client, graph.Request{Route: "/{waba-id}/x", IDs: []string{wabaID}}, graph.ListOptions{}).All(t.Context()) {
			if failed = err; err == nil {
				ids = append(ids, item.ID)
			}
		}
		for _, s := range w.Sent() {
			require.Equal(t, "graph.facebook.com", s.URL.Host)
			require.Equal(t, "/v25.0/"+wabaID+"/x", s.URL.Path)
			require.False(t, s.URL.Query().Has("access_token"))
		}
		switch {
		case next == "":
			require.NoError(t, failed)
			require.Equal(t, 1, w.count(), "no next is the end")
		case failed == nil:
			require.Equal(t, []string{"1", "2"}, ids)
			followed := w.Sent()[1].URL.Query().Get("after")
			if after != "" {
				require.Equal(t, after, followed)
			} else {
				u, err := url.Parse(next)
				require.NoError(t, err)
				require.Equal(t, u.Query().Get("after"), followed)
				require.NotEmpty(t, followed)
			}
		default:
			require.ErrorIs(t, failed, graph.ErrBadResponse)
			require.Empty(t, after, "there was a cursor to follow")
		}
	})
}
