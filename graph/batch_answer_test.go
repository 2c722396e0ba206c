package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// op is a read or a write of a row.
func op(method string, repeat graph.Repeat) graph.Op[row] {
	return graph.Op[row]{Request: graph.Request{Method: method, Route: "/{waba-id}/x", IDs: []string{wabaID}, Repeat: repeat}}
}

// sendPart sends one op as a batch that is answered with parts, one after
// another.
func sendPart(t *testing.T, o graph.Op[row], parts ...string) (graph.Result[row], *wire) {
	t.Helper()
	var script []answer
	for _, part := range parts {
		script = append(script, reply(http.StatusOK, "["+part+"]"))
	}
	w := newWire(script...)
	batch := graph.NewBatch(newClient(t, w))
	result := graph.Add(batch, o)
	require.NoError(t, batch.Send(t.Context()))
	return *result, w
}

const goodPart = `{"code":200,"body":"{\"id\":\"7\"}"}`

// The part of an op in the form that Meta documents, and in other forms seen.
func TestBatch_PartShapes(t *testing.T) {
	for name, part := range map[string]string{
		"documented":             `{"code":200,"headers":[{"name":"Content-Type","value":"application/json"}],"body":"{\"id\":\"7\"}"}`,
		"no headers":             goodPart,
		"headers are an object":  `{"code":200,"headers":{"Content-Type":"application/json"},"body":"{\"id\":\"7\"}"}`,
		"headers are null":       `{"code":200,"headers":null,"body":"{\"id\":\"7\"}"}`,
		"headers are odd":        `{"code":200,"headers":[1,"a"],"body":"{\"id\":\"7\"}"}`,
		"the code is a text":     `{"code":"200","body":"{\"id\":\"7\"}"}`,
		"the body is not a text": `{"code":200,"body":{"id":"7"}}`,
		"the id is a number":     `{"code":200,"body":"{\"id\":7}"}`,
		"unknown keys":           `{"code":200,"body":"{\"id\":\"7\",\"new\":[1]}","new":{"a":1}}`,
		"blanks":                 " \n " + goodPart + " ",
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				got, w := sendPart(t, op(method, graph.RepeatAuto), part)
				require.NoError(t, got.Err)
				require.Equal(t, row{"7"}, got.Value)
				require.Equal(t, 1, w.count())
			}
		})
	}
}

// A part that cannot be read does not say whether the op was done: a read is sent
// again, a write has an unknown outcome.
func TestBatch_PartThatCannotBeRead(t *testing.T) {
	for name, part := range map[string]string{
		"null":               `null`,
		"a number":           `7`,
		"an empty object":    `{}`,
		"no code":            `{"body":"{\"id\":\"7\"}"}`,
		"a code of zero":     `{"code":0,"body":"{\"id\":\"7\"}"}`,
		"a wrong code":       `{"code":[200],"body":"{\"id\":\"7\"}"}`,
		"a body cut off":     `{"code":200,"body":"{\"id\":\"7"}`,
		"HTML":               `{"code":502,"body":"<html>Bad gateway</html>"}`,
		"Meta's code 2":      `{"code":503,"body":"{\"error\":{\"message\":\"later\",\"code\":2}}"}`,
		"a list":             `[]`,
		"an unreadable body": `{"code":200,"body":"OK"}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, w := sendPart(t, op(http.MethodGet, graph.RepeatAuto), part, goodPart)
				require.NoError(t, got.Err)
				require.Equal(t, row{"7"}, got.Value)
				require.Equal(t, 2, w.count())

				for _, repeat := range []graph.Repeat{graph.RepeatAuto, graph.RepeatOnce} {
					got, w = sendPart(t, op(http.MethodPost, repeat), part, goodPart)
					require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(got.Err), got.Err)
					require.Zero(t, got.Value)
					require.Equal(t, 1, w.count())
				}
				got, w = sendPart(t, op(http.MethodPost, graph.RepeatAlways), part, goodPart)
				require.NoError(t, got.Err)
				require.Equal(t, 2, w.count())
			})
		})
	}
}

// A well-formed answer of another shape would come again, so the op is not sent
// again. A write with such an answer may have been done.
func TestBatch_PartOfAnotherShape(t *testing.T) {
	for name, part := range map[string]string{
		"a wrong type": `{"code":200,"body":"{\"id\":[7]}"}`, "a list": `{"code":200,"body":"[]"}`,
		"empty": `{"code":200,"body":""}`, "no body": `{"code":200}`, "null": `{"code":200,"body":"null"}`,
	} {
		got, w := sendPart(t, op(http.MethodPost, graph.RepeatAuto), part, goodPart)
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(got.Err), name)
		require.Zero(t, got.Value)
		require.Equal(t, 1, w.count(), name)
	}
	got, w := sendPart(t, op(http.MethodGet, graph.RepeatAuto), `{"code":200,"body":"{\"id\":[7]}"}`, goodPart)
	require.Equal(t, graph.ErrBadResponse, graph.KindOf(got.Err))
	require.Equal(t, 1, w.count())
}

// A refusal is the error of its op, with Meta's numbers and texts.
func TestBatch_PartWithAnError(t *testing.T) {
	got, w := sendPart(t, op(http.MethodPost, graph.RepeatAuto), `{"code":400,"headers":[{"name":"x-fb-trace-id","value":"Atrace"}],`+
		`"body":"{\"error\":{\"message\":\"(#100) Invalid parameter\",\"type\":\"OAuthException\",\"code\":100,\"error_subcode\":2388012,`+
		`\"error_user_msg\":\"The number is there already\"}}"}`)
	e := graphErrorOf(t, got.Err)
	require.Equal(t, graph.ErrInvalid, e.Kind)
	require.Equal(t, 400, e.Status)
	require.Equal(t, 2388012, e.Subcode)
	require.Equal(t, "The number is there already", e.UserMessage)
	require.Equal(t, "Atrace", e.TraceID)
	require.Equal(t, "/"+wabaID+"/x", e.Path())
	require.Equal(t, 1, w.count())

	for part, kind := range map[string]graph.Kind{
		`{"code":302,"headers":[{"name":"Location","value":"https://evil.example/"}],"body":""}`: graph.ErrBadResponse,
		`{"code":304}`: graph.ErrBadResponse,
		`{"code":200,"body":"{\"error\":{\"message\":\"no\",\"code\":190}}"}`: graph.ErrAuth,
		`{"code":200,"body":"{\"success\":false}"}`:                           graph.ErrUnclassified,
		`{"code":404,"body":""}`:                                              graph.ErrNotFound,
	} {
		got, _ := sendPart(t, op(http.MethodPost, graph.RepeatAuto), part)
		require.Equal(t, kind, graph.KindOf(got.Err), part)
		require.NotErrorIs(t, got.Err, graph.ErrOutcomeUnknown)
	}
}

// The request has the token in the header, the proof beside it, and the ops with
// version, query and form in one form field.
func TestBatch_RequestOnTheWire(t *testing.T) {
	w := newWire(reply(http.StatusOK, `[`+goodPart+`,`+goodPart+`]`))
	batch := graph.NewBatch(newClient(t, w))
	get := op(http.MethodGet, graph.RepeatAuto)
	get.Request.Query = struct {
		Fields string `url:"fields"`
	}{"id,name"}
	post := op(http.MethodPost, graph.RepeatAuto)
	post.Request.Form = struct {
		PIN graph.Secret `url:"pin"`
		A   string       `url:"a"`
	}{graph.NewSecret(pin), "x&y"}
	graph.Add(batch, get)
	graph.Add(batch, post)
	require.NoError(t, batch.Send(t.Context()))

	sent := w.Sent()[0]
	require.Equal(t, http.MethodPost, sent.Method)
	require.Equal(t, "/v25.0/", sent.URL.Path)
	require.Equal(t, "appsecret_proof="+proof, sent.URL.RawQuery)
	require.Equal(t, "Bearer "+token, sent.Header.Get("Authorization"))
	form, err := url.ParseQuery(sent.Body)
	require.NoError(t, err)
	require.Equal(t, "true", form.Get("include_headers"))
	require.JSONEq(t, fmt.Sprintf(`[{"method":"GET","relative_url":"v25.0/%[1]s/x?fields=id%%2Cname"},`+
		`{"method":"POST","relative_url":"v25.0/%[1]s/x","body":"a=x%%26y&pin=%[2]s"}]`, wabaID, pin), form.Get("batch"))
	require.NotContains(t, sent.Body, token)
}

// freshTokens is a token source that never returns the same token twice.
type freshTokens struct{ n int }

func (r *freshTokens) Token(context.Context) (*oauth2.Token, error) {
	r.n++
	return &oauth2.Token{AccessToken: fmt.Sprintf("EAAfresh%d", r.n)}, nil
}

// An op's error does not show the token that the batch was sent with, if Meta
// quotes it, nor the parameters of the other ops.
func TestBatch_ErrorsQuoteNoSecret(t *testing.T) {
	w := newWire(func(req *http.Request) (*http.Response, error) {
		used := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
		part := fmt.Sprintf(`{"code":401,"body":"{\"error\":{\"message\":\"Malformed access token %s, pin %s\",\"code\":190}}"}`, used, pin)
		return reply(http.StatusOK, "["+part+"]")(req)
	})
	batch := graph.NewBatch(newClient(t, w).As(&freshTokens{}))
	secretive := op(http.MethodPost, graph.RepeatAuto)
	secretive.Request.Form = struct {
		PIN graph.Secret `url:"pin"`
	}{graph.NewSecret(pin)}
	result := graph.Add(batch, secretive)
	require.NoError(t, batch.Send(t.Context()))
	require.Equal(t, graph.ErrAuth, graph.KindOf(result.Err))
	require.NotContains(t, result.Err.Error(), "EAAfresh")
	require.NotContains(t, result.Err.Error(), pin)
}
