package graphsim

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxOps is how many operations a batch may hold.
const maxOps = 50

// batchOp is one operation of a batch, as the client wrote it.
type batchOp struct {
	Method      string          `json:"method"`
	RelativeURL string          `json:"relative_url"`
	Body        json.RawMessage `json:"body"`    // a URL-encoded string; an object works too
	Headers     json.RawMessage `json:"headers"` // a list or an object
	Name        string          `json:"name"`
	DependsOn   string          `json:"depends_on"`
	Omit        *bool           `json:"omit_response_on_success"`
	Token       string          `json:"access_token"`
}

// batchRun is a batch that is being answered. Operations run one after another, and
// those that others depend on run first. Each passes through the whole pipeline.
type batchRun struct {
	sim     *Sim
	outer   *call
	ops     []batchOp
	byName  map[string]int
	used    map[string]bool // names that other operations refer to
	replies []*reply
	active  []bool // to find circular dependencies
}

// runBatch answers POST /. It checks the token of the batch first, even when every
// operation brings its own.
func (s *Sim) runBatch(ctx context.Context, c *call) (reply, error) {
	s.mu.Lock()
	b, err := s.openBatch(c)
	if err != nil {
		defer s.mu.Unlock()
		return s.render(c, nil, err), nil
	}
	s.mu.Unlock()
	for i := range b.ops {
		if err := b.run(ctx, i); err != nil {
			return reply{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rep := s.render(c, b.answer(), nil)
	// An operation that loses its reply resets the connection of the whole batch.
	rep.reset = slices.ContainsFunc(b.replies, func(r *reply) bool { return r.reset })
	return rep, nil
}

// openBatch makes the checks that fail the batch as a whole: token, form, size.
func (s *Sim) openBatch(c *call) (*batchRun, *apiError) {
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	text := c.params.get("batch")
	if text == "" || c.req.batch {
		return nil, errMissing("batch")
	}
	b := &batchRun{sim: s, outer: c, byName: map[string]int{}, used: map[string]bool{}}
	if err := json.Unmarshal([]byte(text), &b.ops); err != nil {
		return nil, errParam("Param batch must be a valid JSON array of requests")
	}
	if len(b.ops) > maxOps {
		return nil, &apiError{code: -3, kind: "GraphBatchException", message: "Too many requests in batch message. Maximum batch size is 50"}
	}
	b.replies, b.active = make([]*reply, len(b.ops)), make([]bool, len(b.ops))
	for i, op := range b.ops {
		if op.Method == "" {
			return nil, errParam("Param batch[%d][method] is required", i)
		}
		if op.Name != "" {
			b.byName[op.Name] = i
		}
		if op.DependsOn != "" {
			b.used[op.DependsOn] = true
		}
		for _, name := range referencedNames(op.RelativeURL + string(op.Body)) {
			b.used[name] = true
		}
	}
	return b, nil
}

// run executes operation i after the operations that it depends on. It returns the
// error of the context.
func (b *batchRun) run(ctx context.Context, i int) error {
	if b.replies[i] != nil {
		return nil
	}
	op := b.ops[i]
	if b.active[i] {
		b.refuse(i, "Circular dependency between the requests of a batch")
		return nil
	}
	b.active[i] = true
	needs := referencedNames(op.RelativeURL + string(op.Body))
	if op.DependsOn != "" {
		needs = append(needs, op.DependsOn)
	}
	for _, name := range needs {
		j, ok := b.byName[name]
		if !ok {
			b.refuse(i, "Unknown request name in a batch: "+name)
			return nil
		}
		if err := b.run(ctx, j); err != nil {
			return err
		}
		// If an operation fails or does not finish, the operations that depend on it
		// fail too.
		if r := b.replies[j]; r.null || r.status >= 400 {
			b.refuse(i, "The request that this one depends on did not succeed: "+name)
			return nil
		}
	}
	r, ok := b.request(op)
	if !ok {
		b.refuse(i, "Invalid relative_url or body in a batch")
		return nil
	}
	rep, err := b.sim.serve(ctx, r)
	if b.replies[i] == nil { // a circular dependency may have refused it already
		b.replies[i] = &rep
	}
	return err
}

// refuse answers an operation that is not executed.
func (b *batchRun) refuse(i int, why string) {
	b.sim.mu.Lock()
	defer b.sim.mu.Unlock()
	rep := b.sim.render(b.outer, nil, errParam("%s", why))
	b.replies[i] = &rep
}

// request makes a request of an operation.
func (b *batchRun) request(op batchOp) (*request, bool) {
	target, ok := b.resolve(op.RelativeURL)
	if !ok {
		return nil, false
	}
	path, rawQuery, _ := strings.Cut(target, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, false
	}
	path, err = url.PathUnescape(path)
	if err != nil || !b.resolveAll(query) {
		return nil, false
	}
	if path, ok = b.resolve(path); !ok {
		return nil, false
	}
	body, ok := b.body(op.Body)
	if !ok {
		return nil, false
	}
	header := opHeaders(op.Headers)
	// The body of an operation is a form, whatever the type of the outer request.
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if op.Token != "" && !query.Has("access_token") {
		query.Set("access_token", op.Token)
	}
	path = "/" + strings.TrimPrefix(path, "/")
	if _, asked, _, err := splitVersion(path); asked == "" && err == nil {
		path = b.outer.versionPath + path // the batch's version is the operations' default
	}
	return &request{method: strings.ToUpper(op.Method), path: path, query: query, header: header, body: body, base: b.outer.req.base,
		batch: true, parentToken: b.outer.tokenText, parentQuery: b.outer.params}, true
}

// body reads the body of an operation. Graph takes a URL-encoded string; some clients
// send an object.
func (b *batchRun) body(raw json.RawMessage) ([]byte, bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, true
	}
	if raw[0] == '"' {
		text, _ := scalarText(raw)
		text, ok := b.resolve(text)
		if !ok {
			return nil, false
		}
		form, err := url.ParseQuery(text)
		if err != nil || !b.resolveAll(form) {
			return nil, false
		}
		return []byte(form.Encode()), true
	}
	p := params{form: url.Values{}}
	if raw[0] != '{' || p.addJSON(raw) != nil || !b.resolveAll(p.form) {
		return nil, false
	}
	return []byte(p.form.Encode()), true
}

// opHeaders reads the headers of an operation: "Name: value" lines, {name, value}
// objects, or one object.
func opHeaders(raw json.RawMessage) http.Header {
	h := http.Header{}
	var byName map[string]string
	var list []json.RawMessage
	if json.Unmarshal(raw, &byName) == nil {
		for name, v := range byName {
			h.Set(name, v)
		}
		return h
	}
	if json.Unmarshal(raw, &list) != nil {
		return h
	}
	for _, item := range list {
		var line string
		var one struct{ Name, Value string }
		switch {
		case json.Unmarshal(item, &line) == nil:
			if name, v, ok := strings.Cut(line, ":"); ok {
				h.Set(strings.TrimSpace(name), strings.TrimSpace(v))
			}
		case json.Unmarshal(item, &one) == nil && one.Name != "":
			h.Set(one.Name, one.Value)
		}
	}
	return h
}

// answer lists the replies in the order of the operations. Each body is a string of
// JSON, to be decoded again. The place of an operation is null if it ran out of time,
// and if it succeeded and other operations refer to it.
func (b *batchRun) answer() []any {
	list := make([]any, len(b.ops))
	headers := !b.outer.params.has("include_headers") || b.outer.params.boolean("include_headers")
	for i, rep := range b.replies {
		op := b.ops[i]
		// By default, an operation that others refer to has no answer. The client can
		// ask for it.
		omit := op.Name != "" && b.used[op.Name]
		if op.Omit != nil {
			omit = *op.Omit
		}
		if rep.null || omit && rep.status < 400 {
			continue
		}
		o := obj{{"code", rep.status}}
		if headers {
			o = append(o, pair{"headers", headerList(rep.header)})
		}
		body := rep.body
		if rep.cut >= 0 {
			body = body[:min(rep.cut, len(body))]
		}
		list[i] = append(o, pair{"body", string(body)})
	}
	return list
}

// headerList writes headers as Graph does inside a batch: a list of names and values.
// They include the usage headers of each operation.
func headerList(h http.Header) []any {
	list := []any{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			list = append(list, obj{{"name", name}, {"value", v}})
		}
	}
	return list
}
