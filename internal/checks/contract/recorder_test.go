package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// recorder is the round tripper of the SDK and records each request. The route
// templates come from the SDK's trace.
type recorder struct {
	t      *testing.T
	source *Source
	values []string // the values of enums, in the package that is tested
	answer string

	mu     sync.Mutex // methods make several calls at once
	latest []string   // the calls of the method that is tested, by key
}

type routeKey struct{}

func (r *recorder) TraceStart(ctx context.Context, start graph.TraceStart) context.Context {
	return context.WithValue(ctx, routeKey{}, start.Method+" "+start.Route)
}

func (r *recorder) TraceEnd(context.Context, graph.TraceEnd) {}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	key, _ := req.Context().Value(routeKey{}).(string)
	require.NotEmpty(r.t, key, "a call without a trace: %s", req.URL.Path)
	r.mu.Lock()
	defer r.mu.Unlock()
	call := r.source.Calls[key]
	call.Params = unite(call.Params, r.params(req))
	if fields := req.URL.Query().Get("fields"); fields != "" {
		prefix := ""
		if _, single := nodeRead(canonical(key)); !single {
			prefix = "data[]."
		}
		asked := Fields{}
		selected(fields, prefix, asked)
		call.Response = unite(call.Response, asked)
	}
	r.source.Calls[key] = call
	if !slices.Contains(r.latest, key) {
		r.latest = append(r.latest, key)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(r.answer)), Body: io.NopCloser(strings.NewReader(r.answer)),
	}, nil
}

// params returns what was sent in the query and in the body.
func (r *recorder) params(req *http.Request) Fields {
	out := Fields{}
	add := func(values url.Values) {
		for name, texts := range values {
			for _, text := range texts {
				out[name] = r.sent(text)
			}
		}
	}
	add(req.URL.Query())
	if req.Body == nil {
		return out
	}
	body, err := io.ReadAll(req.Body)
	require.NoError(r.t, err)
	if !strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") {
		form, err := url.ParseQuery(string(body))
		require.NoError(r.t, err)
		add(form)
		return out
	}
	var members map[string]json.RawMessage
	require.NoError(r.t, json.Unmarshal(body, &members))
	for name, value := range members {
		out[name] = r.sent(string(bytes.Trim(value, `"`)))
	}
	return out
}

// sent returns the type of a parameter by its text: a list or an object in JSON, or
// plain text.
func (r *recorder) sent(text string) Type {
	of := Type{Name: "string"}
	items := []string{text}
	switch {
	case strings.HasPrefix(text, "["):
		of.Name = "list<string>"
		if json.Unmarshal([]byte(text), &items) != nil {
			return Type{Name: "list<Object>"}
		}
	case strings.HasPrefix(text, "{"):
		return Type{Name: "Object"}
	}
	for _, item := range items {
		if slices.Contains(r.values, item) {
			of.Values = append(of.Values, item)
		}
	}
	return of
}

// selected adds the names in a fields parameter to out: "id,owner{name}" asks for
// id, owner and owner.name.
func selected(fields, prefix string, out Fields) {
	depth, start := 0, 0
	for i := 0; i <= len(fields); i++ {
		if i < len(fields) && (fields[i] != ',' || depth > 0) {
			depth += strings.Count(fields[i:i+1], "{") + strings.Count(fields[i:i+1], "(")
			depth -= strings.Count(fields[i:i+1], "}") + strings.Count(fields[i:i+1], ")")
			continue
		}
		name, inside, nested := strings.Cut(fields[start:i], "{")
		name, _, _ = strings.Cut(name, ".")
		out[prefix+name] = Type{Name: "any"}
		if nested {
			selected(strings.TrimSuffix(inside, "}"), prefix+name+".", out)
		}
		start = i + 1
	}
}

func TestSelected_ReadsNestedFields(t *testing.T) {
	out := Fields{}
	selected("id,phone_numbers.limit(5,x){id,health{can}},name", "data[].", out)
	names := []string{}
	for name := range out {
		names = append(names, name)
	}
	require.ElementsMatch(t, []string{
		"data[].id", "data[].phone_numbers", "data[].phone_numbers.id", "data[].phone_numbers.health",
		"data[].phone_numbers.health.can", "data[].name",
	}, names)
}
