package credit

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// shareAnswer is Meta's answer to a share that it accepted.
type shareAnswer struct {
	allocation graph.AllocationID
	body       []byte
	trace      string
}

// maxKept is the most bytes of an answer that are kept. Meta's have less than 200.
const maxKept = 4 << 10

// UnmarshalJSON accepts every answer that Meta gives to a write. An answer
// without an allocation is not an error, because reading finds it.
func (a *shareAnswer) UnmarshalJSON(b []byte) error {
	if err := new(graph.Success).UnmarshalJSON(b); err != nil {
		return err
	}
	var named struct {
		Allocation graph.AllocationID `json:"allocation_config_id"`
	}
	_ = json.Unmarshal(b, &named)
	a.allocation = named.Allocation
	if len(b) <= maxKept {
		a.body = bytes.Clone(b)
	}
	return nil
}

// SetTraceID keeps the id that Meta's support asks for.
func (a *shareAnswer) SetTraceID(id string) { a.trace = id }

// accepted returns the answer as the error that it is if reading does not confirm the
// share.
func (a *shareAnswer) accepted(req graph.Request) error {
	return &graph.Error{
		Kind: graph.ErrReadAfterWrite, Status: http.StatusOK, Method: req.Method, Route: req.Route, IDs: req.IDs,
		Message: "Meta accepted the share", OriginalResponse: a.body, TraceID: a.trace, Attempts: 1,
	}
}
