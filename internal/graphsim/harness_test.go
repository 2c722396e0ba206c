package graphsim_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// client sends plain HTTP requests to a simulator, with one token.
type client struct {
	t     *testing.T
	sim   *graphsim.Sim
	world graphsim.World
	rt    http.RoundTripper
	host  string
	token string
}

// start makes a simulator and a client with the admin system user's token.
func start(t *testing.T, cfg graphsim.Config) client {
	t.Helper()
	sim := graphsim.New(cfg)
	w := sim.World()
	return client{t: t, sim: sim, world: w, rt: sim.RoundTripper(), host: "https://graph.facebook.com", token: w.AdminToken}
}

func (c client) as(token string) client {
	c.token = token
	return c
}

// answer is one decoded answer.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    string
	body   any
}

// call sends a request, with the form as its body. A path that does not begin with "/v"
// gets the example version.
func (c client) call(method, path string, form url.Values) answer {
	c.t.Helper()
	body := ""
	header := http.Header{}
	if form != nil {
		body = form.Encode()
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !strings.HasPrefix(path, "/v") {
		path = "/v25.0" + path
	}
	return c.send(method, path, header, body)
}

func (c client) send(method, path string, header http.Header, body string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, c.host+path, strings.NewReader(body))
	require.NoError(c.t, err)
	req.Header = header
	if c.token != "" && header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.rt.RoundTrip(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	a := answer{t: c.t, status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if len(raw) > 0 && raw[0] != '<' {
		d := json.NewDecoder(strings.NewReader(a.raw))
		d.UseNumber()
		require.NoError(c.t, d.Decode(&a.body), a.raw)
	}
	return a
}

// get sends a GET. The pairs are query parameters.
func (c client) get(path string, pairs ...string) answer {
	c.t.Helper()
	return c.call("GET", path+query(pairs), nil)
}

func (c client) post(path string, pairs ...string) answer {
	c.t.Helper()
	return c.call("POST", path, values(pairs))
}

func (c client) delete(path string, pairs ...string) answer {
	c.t.Helper()
	return c.call("DELETE", path+query(pairs), nil)
}

func values(pairs []string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func query(pairs []string) string {
	if len(pairs) == 0 {
		return ""
	}
	return "?" + values(pairs).Encode()
}

// ok requires a success.
func (a answer) ok() answer {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, a.raw)
	return a
}

// fails requires a Graph error with this status, code and subcode.
func (a answer) fails(status, code, subcode int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.raw)
	require.Equal(a.t, code, a.int("error", "code"), a.raw)
	require.Equal(a.t, subcode, a.int("error", "error_subcode"), a.raw)
	require.NotEmpty(a.t, a.text("error", "fbtrace_id"))
	return a
}

// at returns the value at a place in the document. Keys are member names; "0" and "1"
// are places in a list.
func (a answer) at(keys ...string) any {
	a.t.Helper()
	v := a.body
	for _, k := range keys {
		switch x := v.(type) {
		case map[string]any:
			v = x[k]
		case []any:
			i := int(k[0] - '0')
			require.Less(a.t, i, len(x), a.raw)
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// text returns the scalar at a place as text, and "" if there is none.
func (a answer) text(keys ...string) string {
	a.t.Helper()
	switch v := a.at(keys...).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

func (a answer) int(keys ...string) int {
	a.t.Helper()
	n, ok := a.at(keys...).(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	require.NoError(a.t, err)
	return int(i)
}

// ids returns the ids of the items of a list.
func (a answer) ids(keys ...string) []string {
	a.t.Helper()
	list, ok := a.at(append(keys, "data")...).([]any)
	require.True(a.t, ok, a.raw)
	ids := []string{}
	for _, item := range list {
		id := item.(map[string]any)["id"]
		switch id := id.(type) {
		case string:
			ids = append(ids, id)
		case json.Number:
			ids = append(ids, id.String())
		}
	}
	return ids
}

// signup takes a client through Embedded Signup and exchanges its code for the business
// token.
func (c client) signup(spec graphsim.SignupSpec) (graphsim.Signup, client) {
	c.t.Helper()
	su, err := c.sim.Signup(spec)
	require.NoError(c.t, err)
	a := c.as("").post("/oauth/access_token", "client_id", c.world.AppID, "client_secret", c.world.AppSecret, "code", su.Code,
		"redirect_uri", spec.RedirectURI).ok()
	return su, c.as(a.text("access_token"))
}

// inner decodes the answer to operation i of a batch.
func (a answer) inner(i int) answer {
	a.t.Helper()
	op := a.body.([]any)[i].(map[string]any)
	in := answer{t: a.t, raw: op["body"].(string)}
	code, err := op["code"].(json.Number).Int64()
	require.NoError(a.t, err)
	in.status = int(code)
	d := json.NewDecoder(strings.NewReader(in.raw))
	d.UseNumber()
	require.NoError(a.t, d.Decode(&in.body))
	return in
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (c client) batch(ops string, more ...string) answer {
	c.t.Helper()
	form := values(more)
	form.Set("batch", ops)
	return c.call("POST", "/", form)
}

func jsonText(v any) (string, error) {
	b := bytes.Buffer{}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.String(), err
}

// over serves the simulator on a loopback socket.
func (c client) over(t *testing.T, h http.Handler) client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c.t, c.rt, c.host = t, srv.Client().Transport, srv.URL
	return c
}

// raw sends one request and returns the response with its body.
func (c client) raw(ctx context.Context, method, path string) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.host+"/v25.0"+path, http.NoBody)
	require.NoError(c.t, err)
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.rt.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

func (c client) always(route string, f graphsim.Fault) (remove func()) {
	return c.sim.Control(route, func(*graphsim.Call) *graphsim.Fault { return &f })
}

func (c client) share(waba, currency string) answer {
	return c.post("/"+c.world.CreditLineID+"/whatsapp_credit_sharing_and_attach", "waba_id", waba, "waba_currency", currency)
}

func reversed(list []string) []string {
	out := []string{}
	for _, v := range slices.Backward(list) {
		out = append(out, v)
	}
	return out
}

func proofOf(secret, message string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func justError[T any](_ T, err error) error { return err }
