package graph_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// These tests hold that a panic in the application's code ends the call with an
// ErrPanicked that names the code, and not the process.

// panicky panics in the method that it names.
type panicky string

func (p panicky) at(method string) {
	if string(p) == method {
		panic("a bug with " + token)
	}
}

func (p panicky) TraceStart(ctx context.Context, _ graph.TraceStart) context.Context {
	p.at("Tracer.TraceStart")
	return ctx
}
func (p panicky) TraceEnd(context.Context, graph.TraceEnd) { p.at("Tracer.TraceEnd") }
func (p panicky) Wait(context.Context) error               { p.at("Pacer.Wait"); return nil }

func (p panicky) RoundTrip(*http.Request) (*http.Response, error) {
	p.at("RoundTripper.RoundTrip")
	resp, err := reply(http.StatusOK, `{"id":"102290129340398"}`)(nil)
	resp.Body = &panickyBody{ReadCloser: resp.Body, p: p}
	return resp, err
}

type panickyBody struct {
	io.ReadCloser
	p panicky
}

func (b *panickyBody) Read(into []byte) (int, error) {
	b.p.at("Response.Body")
	return b.ReadCloser.Read(into)
}

func (p panicky) Token(context.Context) (*oauth2.Token, error) {
	p.at("TokenSource.Token")
	return &oauth2.Token{AccessToken: token}, nil
}

// callPanicky is a panicky CallPacer.
type callPanicky struct{ panicky }

func (p callPanicky) WaitFor(context.Context, graph.TraceStart) error {
	p.at("Pacer.WaitFor")
	return nil
}
func (p callPanicky) Observe(graph.TraceEnd) { p.at("Pacer.Observe") }

// panickyAnswer panics when it is decoded.
type panickyAnswer struct{ ID string }

func (*panickyAnswer) UnmarshalJSON([]byte) error { panic(errors.New("a bug with " + token)) }

func panickyClient(t *testing.T, p panicky) *graph.Client {
	t.Helper()
	var pacer graph.Pacer = p
	if p == "Pacer.WaitFor" || p == "Pacer.Observe" {
		pacer = callPanicky{p}
	}
	client, err := graph.New(p, graph.WithHTTPClient(&http.Client{Transport: p}), graph.WithTracer(p), graph.WithPacer(pacer))
	require.NoError(t, err)
	return client
}

func TestClient_Do_Panics(t *testing.T) {
	for _, name := range []string{
		"Tracer.TraceStart", "Tracer.TraceEnd", "Pacer.Wait", "Pacer.WaitFor", "Pacer.Observe",
		"TokenSource.Token", "RoundTripper.RoundTrip", "Response.Body",
	} {
		for _, req := range []graph.Request{read(graph.RepeatAlways), write(graph.RepeatAuto)} {
			t.Run(name+"/"+req.Method, func(t *testing.T) {
				var out struct{ ID string }
				err := panickyClient(t, panicky(name)).Do(t.Context(), req, &out)
				require.Equal(t, graph.ErrPanicked, graph.KindOf(err), "%v", err)
				require.ErrorContains(t, err, name+" panicked: a bug")
				e := graphErrorOf(t, err)
				require.Equal(t, req.Route, e.Route)
				require.Contains(t, string(e.Stack), "panicky.at")
				require.LessOrEqual(t, e.Attempts, 1, "it is not repeated")
				if strings.HasPrefix(name, "R") && req.Method == http.MethodPost {
					require.ErrorContains(t, err, "look before doing it again")
				}
				if name == "RoundTripper.RoundTrip" || name == "Response.Body" {
					requireNoSecret(t, said(err))
				}
			})
		}
	}
}

func TestClient_Do_PanicInUnmarshalJSON(t *testing.T) {
	w := newWire(reply(http.StatusOK, `{"id":"1"}`))
	var out panickyAnswer
	err := newClient(t, w).Do(t.Context(), write(graph.RepeatAlways), &out)
	require.Equal(t, graph.ErrPanicked, graph.KindOf(err))
	require.ErrorContains(t, err, "while decoding into *graph_test.panickyAnswer: UnmarshalJSON panicked: a bug")
	require.ErrorContains(t, err, "The call itself had succeeded")
	require.Contains(t, string(graphErrorOf(t, err).Stack), "panickyAnswer")
	requireNoSecret(t, said(err))
	require.Equal(t, 1, w.count())
}

func TestError_LogValue_HasStackOfPanic(t *testing.T) {
	var text strings.Builder
	err := panickyClient(t, "Pacer.Wait").Do(t.Context(), read(graph.RepeatAuto), nil)
	slog.New(slog.NewTextHandler(&text, nil)).Error("failed", "error", err)
	require.Contains(t, text.String(), "panicky.at")
}

func TestClient_Do_PanicInEncoding(t *testing.T) {
	w := newWire(reply(http.StatusOK, `{}`))
	req := write(graph.RepeatAuto)
	req.Form = nil
	req.JSON = panickyValue{}
	requireSays(t, newClient(t, w).Do(t.Context(), req, nil), "JSON body cannot be encoded: MarshalJSON panicked: a bug")
	req.JSON, req.Form = nil, struct {
		V panickyValue `url:"v"`
	}{}
	requireSays(t, newClient(t, w).Do(t.Context(), req, nil), "form cannot be encoded: EncodeValues panicked: a bug")
	require.Zero(t, w.count())
}

type panickyValue struct{}

func (panickyValue) MarshalJSON() ([]byte, error)           { panic("a bug") }
func (panickyValue) EncodeValues(string, *url.Values) error { panic("a bug") }

func TestBatch_Send_Panics(t *testing.T) {
	for _, name := range []string{"Tracer.TraceStart", "Tracer.TraceEnd", "Pacer.WaitFor", "Pacer.Observe", "RoundTripper.RoundTrip"} {
		t.Run(name, func(t *testing.T) {
			batch := graph.NewBatch(panickyClient(t, panicky(name)))
			result := graph.Add(batch, graph.NewOp[struct{}](read(graph.RepeatAuto)))
			require.NoError(t, batch.Send(t.Context()))
			require.Equal(t, graph.ErrPanicked, graph.KindOf(result.Err), "%v", result.Err)
			require.ErrorContains(t, result.Err, name+" panicked")
		})
	}
	batch := graph.NewBatch(panickyClient(t, "TokenSource.Token"))
	result := graph.Add(batch, graph.NewOp[struct{}](read(graph.RepeatAuto)))
	require.ErrorIs(t, batch.Send(t.Context()), graph.ErrPanicked)
	require.ErrorIs(t, result.Err, graph.ErrPanicked)
}

func TestBatch_Send_PanicOfOneOpLeavesTheOthers(t *testing.T) {
	part := `{"code":200,"body":"{\"id\":\"102290129340398\"}"}`
	batch := graph.NewBatch(newClient(t, newWire(reply(http.StatusOK, "["+part+","+part+"]"))))
	bad := graph.Add(batch, graph.NewOp[panickyAnswer](read(graph.RepeatAuto)))
	good := graph.Add(batch, graph.NewOp[graph.Success](read(graph.RepeatAuto)))
	require.NoError(t, batch.Send(t.Context()))
	require.ErrorIs(t, bad.Err, graph.ErrPanicked)
	require.NoError(t, good.Err)
	require.Equal(t, wabaID, good.Value.ID)
}

func TestSendByIDs_Panics(t *testing.T) {
	for _, name := range []string{"Tracer.TraceStart", "Tracer.TraceEnd", "Pacer.WaitFor", "Pacer.Observe", "RoundTripper.RoundTrip"} {
		ops := []graph.Op[struct{}]{graph.NewOp[struct{}](read(graph.RepeatAuto))}
		results := graph.SendByIDs(t.Context(), panickyClient(t, panicky(name)), ops)
		require.Equal(t, graph.ErrPanicked, graph.KindOf(results[0].Err), "%s: %v", name, results[0].Err)
		require.ErrorContains(t, results[0].Err, name+" panicked")
	}
}

func TestList_PanicInGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(page("", `1"},{"id":"2`))
		list := graph.NewList[panickyAnswer](newClient(t, w), graph.Request{Route: "/x"}, graph.ListOptions{Prefetch: true})
		_, err := all(t.Context(), list)
		require.Equal(t, graph.ErrPanicked, graph.KindOf(err))
		require.ErrorContains(t, err, "UnmarshalJSON panicked")
		requireNoSecret(t, said(err))
	})
}
