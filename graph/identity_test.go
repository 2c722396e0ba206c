package graph_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

const otherID = "104996122399160"

// named is an object of the user that has no field for its id.
type named struct {
	Name string `json:"name"`
}

// readOf asks for fields of one object.
func readOf(fields string) graph.Request {
	req := read(graph.RepeatAuto)
	req.Query = url.Values{"fields": {fields}}
	return req
}

// An answer about another object is an error that names both ids, for every type
// that answers are decoded into. It is asked for again first.
func TestClient_Do_AnswerAboutAnotherObject(t *testing.T) {
	for name, body := range map[string]string{
		"at the beginning":    `{"id":"` + otherID + `","name":"x"}`,
		"at the end":          `{"name":"x","id":"` + otherID + `"}`,
		"a number":            `{"id":` + otherID + `}`,
		"the same beginning":  `{"id":"` + wabaID + `0"}`,
		"a part of it":        `{"id":"` + wabaID[1:] + `"}`,
		"the right one below": `{"owner":{"id":"` + wabaID + `"},"id":"` + otherID + `"}`,
		"blanks":              "\n { \"name\" : \"x\", \"id\" : \"" + otherID + "\" }",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, out := range []any{new(row), new(named), new(map[string]any), new(struct{}), nil} {
					w := newWire(reply(http.StatusOK, body))
					err := newClient(t, w).Do(t.Context(), readOf("name"), out)
					require.Equal(t, graph.ErrBadResponse, graph.KindOf(err), "%T", out)
					require.ErrorContains(t, err, `not about "`+wabaID+`"`)
					require.ErrorContains(t, err, "GET /"+wabaID)
					if !strings.Contains(name, "same") && !strings.Contains(name, "part") {
						require.ErrorContains(t, err, `the answer is about "`+otherID+`"`)
					}
					require.Equal(t, 4, w.count(), "a read is repeated")
					if out != nil {
						require.NotContains(t, fmt.Sprint(out), otherID, "nothing of the other object is given out")
					}

					w = newWire(reply(http.StatusOK, body), reply(http.StatusOK, `{"name":"y","id":"`+wabaID+`"}`))
					require.NoError(t, newClient(t, w).Do(t.Context(), readOf("id,name"), out))
					require.Equal(t, 2, w.count())
				}
			})
		})
	}
}

// An answer without an id is an error only if the id was asked for.
func TestClient_Do_AnswerWithoutAnID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, body := range []string{`{"name":"x"}`, `{"name":"x","id":null}`, `{"name":"x","id":""}`} {
			for fields, ok := range map[string]bool{"name": true, "": true, "owner{id}": true, "name,id": false, "name, id": false, "id": false} {
				err := newClient(t, newWire(reply(http.StatusOK, body))).Do(t.Context(), readOf(fields), new(named))
				require.Equal(t, ok, err == nil, "%s, %s: %v", body, fields, err)
				if !ok {
					require.ErrorIs(t, err, graph.ErrBadResponse)
					require.ErrorContains(t, err, wabaID)
				}
			}
		}
	})
}

// Only a read of one object by its id has an id to compare with.
func TestClient_Do_AnswersThatAreNotCompared(t *testing.T) {
	for name, req := range map[string]graph.Request{
		"an edge":     {Method: http.MethodGet, Route: "/{waba-id}/x", IDs: []string{wabaID}},
		"no id":       {Method: http.MethodGet, Route: "/me"},
		"a name":      {Method: http.MethodGet, Route: "/{username}", IDs: []string{"nordwind"}},
		"a write":     {Method: http.MethodPost, Route: "/{waba-id}", IDs: []string{wabaID}},
		"a deletion":  {Method: http.MethodDelete, Route: "/{waba-id}", IDs: []string{wabaID}},
		"a long path": {Method: http.MethodGet, Route: "/v/{waba-id}", IDs: []string{wabaID}},
	} {
		var out row
		require.NoError(t, newClient(t, newWire(reply(http.StatusOK, `{"id":"`+otherID+`"}`))).Do(t.Context(), req, &out), name)
		require.EqualValues(t, otherID, out.ID)
	}
}

// The parts of a batch can be in another order than its ops.
func TestBatch_Send_AnswersInAnotherOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		part := func(id string) string { return fmt.Sprintf(`{"code":200,"body":"{\"name\":\"x\",\"id\":\"%s\"}"}`, id) }
		w := newWire(reply(http.StatusOK, "["+part(otherID)+","+part(wabaID)+"]"))
		batch := graph.NewBatch(newClient(t, w))
		first := graph.Add(batch, graph.NewOp[row](read(graph.RepeatAuto)))
		other := read(graph.RepeatAuto)
		other.IDs = []string{otherID}
		second := graph.Add(batch, graph.NewOp[named](other))
		require.NoError(t, batch.Send(t.Context()))
		for _, err := range []error{first.Err, second.Err} {
			require.ErrorIs(t, err, graph.ErrBadResponse)
			require.ErrorContains(t, err, wabaID)
			require.ErrorContains(t, err, otherID)
		}
		require.Zero(t, first.Value)
		require.Equal(t, 4, w.count(), "the ops are sent again")
	})
}

// An object under the id of another one is read again by itself.
func TestSendByIDs_AnswerAboutAnotherObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		swapped := fmt.Sprintf(`{%[1]q:{"id":%[2]q},%[2]q:{"id":%[1]q}}`, wabaID, otherID)
		part := func(id string) string { return fmt.Sprintf(`{"code":200,"body":"{\"id\":\"%s\"}"}`, id) }
		for name, answers := range map[string]string{
			"right in a batch": "[" + part(wabaID) + "," + part(otherID) + "]",
			"wrong there too":  "[" + part(otherID) + "," + part(wabaID) + "]",
		} {
			w := newWire(func(req *http.Request) (*http.Response, error) {
				if req.Method == http.MethodPost {
					return reply(http.StatusOK, answers)(req)
				}
				return reply(http.StatusOK, swapped)(req)
			})
			results := graph.SendByIDs(t.Context(), newClient(t, w), getOps(wabaID, otherID))
			for i, id := range []graph.WABAID{wabaID, otherID} {
				if name == "right in a batch" {
					require.NoError(t, results[i].Err)
					require.Equal(t, id, results[i].Value.ID)
					continue
				}
				require.ErrorIs(t, results[i].Err, graph.ErrBadResponse)
				require.Zero(t, results[i].Value)
			}
		}
	})
}

// The link to the rest of a nested edge names the object that has the edge. The rest
// is read from the object in whose answer it stands, and both have to be the same.
func TestEdge_OfAnotherObject(t *testing.T) {
	type owner struct {
		ID   graph.WABAID    `json:"id"`
		Rest graph.Edge[row] `json:"rest"`
	}
	for _, linked := range []string{wabaID, otherID} {
		body := fmt.Sprintf(`{"data":[{"id":%q,"rest":{"data":[{"id":"7"}],"paging":{"cursors":{"after":"A"},"next":"https://graph.facebook.com/v25.0/%s/rest?after=A"}}}]}`, wabaID, linked)
		w := newWire(reply(http.StatusOK, body), page("", "8"))
		got, err := all(t.Context(), graph.NewList[owner](newClient(t, w), graph.Request{Route: "/me/x"}, graph.ListOptions{}))
		if linked == wabaID {
			require.NoError(t, err)
			require.Equal(t, []owner{{wabaID, graph.Edge[row]{Data: rows("7", "8")}}}, got)
			continue
		}
		require.ErrorIs(t, err, graph.ErrBadResponse)
		require.ErrorContains(t, err, otherID)
		require.ErrorContains(t, err, wabaID)
		require.Equal(t, 1, w.count())
	}
}
