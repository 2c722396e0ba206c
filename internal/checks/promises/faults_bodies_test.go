package promises_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// unreadableBodies are bodies that are too large or cut off, under every status: an
// unreadable body says no more than its status.
func unreadableBodies() []*fault {
	var all []*fault
	for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500, 502, 503, 504} {
		outcome, kind := unknownOnce, graph.ErrTransient
		switch status {
		case 302:
			outcome, kind = refused, graph.ErrBadResponse
		case 401:
			outcome, kind = refused, graph.ErrAuth
		case 403:
			outcome, kind = refused, graph.ErrPermission
		case 404:
			outcome, kind = refused, graph.ErrNotFound
		case 429:
			outcome, kind = notProcessed, graph.ErrThrottled
		}
		tooLarge, tooLargeKind := outcome, kind
		if status == 200 || status == 400 { // it would be too large again
			tooLarge, tooLargeKind = unknownAlways, graph.ErrBadResponse
		}
		cutKind := kind
		if kind == graph.ErrTransient && status < 500 { // as it is without an error of the connection
			cutKind = graph.ErrBadResponse
		}
		bodies := []*fault{
			{name: "too large", outcome: tooLarge, kind: tooLargeKind, answer: endlessWith(status, -1)},
			{name: "announced too large", outcome: tooLarge, kind: tooLargeKind, answer: endlessWith(status, 1<<40)},
			{name: "cut", outcome: outcome, kind: kind, answer: brokenOff(status, io.ErrUnexpectedEOF)},
			{name: "cut without an error", outcome: outcome, kind: cutKind, answer: brokenOff(status, io.EOF)},
		}
		for _, f := range bodies {
			f.name = fmt.Sprint(status, " ", f.name)
			all = append(all, f)
			if outcome == unknownOnce { // Meta does not refuse what it has done
				done := *f
				done.name, done.answer = f.name+", after the effect", after(f.answer)
				all = append(all, &done)
			}
		}
	}
	return all
}

// halfAnError is the beginning of an error that Graph sends.
const halfAnError = `{"error":{"message":"(#1) An unknown error occurred","type":"OAuthExc`

// endlessWith answers with a status and a body that never ends.
func endlessWith(status int, length int64) answerFunc {
	return func(w *wire, req *http.Request, body []byte) (*http.Response, error) {
		resp, err := endless(w, req, body)
		resp.StatusCode, resp.ContentLength = status, length
		return resp, err
	}
}

// brokenOff answers with the beginning of an error, and ends with err.
func brokenOff(status int, err error) answerFunc {
	return func(_ *wire, req *http.Request, _ []byte) (*http.Response, error) {
		resp := response(status, jsonT, io.MultiReader(strings.NewReader(halfAnError), failingReader{err}))
		resp.Request = req
		return resp, nil
	}
}

// nodeRoute is the key of a read of one object.
var nodeRoute = regexp.MustCompile(`^GET /\{[a-z-]+-id\}$`)

// readsObjects reports whether a call reads objects by their ids.
func readsObjects(c *call) bool {
	return nodeRoute.MatchString(c.key()) || c.name == "Batch of reads" || c.name == "SendByIDs"
}

// readsList reports whether a call reads an edge.
func readsList(c *call) bool {
	return c.method == http.MethodGet && strings.Count(c.route, "/") > 1 && strings.HasPrefix(c.route, "/{")
}

// readsPages reports whether a call reads several pages of an edge.
func readsPages(c *call) bool { return c.name == "Clients" }

// findsAllocation reports whether a call looks for the allocation of one business.
func findsAllocation(c *call) bool { return c.name == "AllocationFor" }

// wrongAnswers are well-formed answers of Graph to another question, and lists without
// their items. Each can happen to some of the calls only.
func wrongAnswers() []*fault {
	wrong := func(name string, of outcome, applies func(*call) bool, change func(key string, value any) any) *fault {
		return &fault{name: name, outcome: of, kind: graph.ErrBadResponse, applies: applies, answer: withBody(func(_ *http.Request, body []byte) io.Reader {
			return changedJSON(body, change)
		})}
	}
	emptyPage := &fault{name: "a spurious empty page", outcome: succeedsAnyway, applies: readsPages,
		answer: answers(http.StatusOK, jsonT, `{"data":[]}`),
		meets:  func(req *http.Request) bool { return req.URL.Query().Has("after") }}
	return []*fault{
		wrong("another object's id", unknownOnce, readsObjects, nextID),
		wrong("another object's id, as a number", unknownOnce, readsObjects, func(key string, value any) any {
			return idsAsNumbers(key, nextID(key, value))
		}),
		wrong("the allocation of another business", unknownAlways, findsAllocation, nextID),
		wrong("a list without data", unknownOnce, readsList, func(_ string, value any) any {
			if object, ok := value.(map[string]any); ok && isList(object["data"]) {
				delete(object, "data")
				object["summary"] = map[string]any{}
			}
			return value
		}),
		wrong("a list whose data is null", unknownOnce, readsList, func(_ string, value any) any {
			if object, ok := value.(map[string]any); ok && isList(object["data"]) {
				object["data"] = nil
			}
			return value
		}),
		{name: "an empty object in place of a list", outcome: unknownOnce, kind: graph.ErrBadResponse, answer: answers(http.StatusOK, jsonT, `{}`),
			applies: func(c *call) bool {
				return readsList(c) && c.route != "/{extended-credit-id}/owning_credit_allocation_configs"
			}},
		{name: "one object in place of a list", outcome: unknownOnce, kind: graph.ErrBadResponse, answer: answers(http.StatusOK, jsonT, `{"id":"1"}`),
			applies: func(c *call) bool {
				return readsList(c) && c.route != "/{extended-credit-id}/owning_credit_allocation_configs"
			}},
		emptyPage,
	}
}

func isList(value any) bool { _, ok := value.([]any); return ok }

// nextID replaces each id with the number behind it.
func nextID(key string, value any) any {
	if text, ok := value.(string); ok && key == "id" && digits.MatchString(text) {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.FormatInt(n+1, 10)
		}
	}
	if number, ok := value.(json.Number); ok && key == "id" {
		if n, err := number.Int64(); err == nil {
			return json.Number(strconv.FormatInt(n+1, 10))
		}
	}
	return value
}

// nestedWithout replaces the nested edges of an answer with a text without data.
func nestedWithout(text string) *fault {
	return &fault{name: "nested edges are " + text, answer: withBody(func(_ *http.Request, body []byte) io.Reader {
		return changedJSON(body, func(key string, value any) any {
			if _, nested := value.(map[string]any); nested && key == "phone_numbers" {
				return json.RawMessage(text)
			}
			return value
		})
	})}
}
