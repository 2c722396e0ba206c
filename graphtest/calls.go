package graphtest

import (
	"net/http"
	"net/url"
	"time"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// Call is one request as the Server saw it. The value of a secret reads
// [redacted]; its name stays.
type Call struct {
	// Seq is the place in the order of arrival; the first call has 1.
	Seq  int
	Time time.Time
	// Method is GET, POST or DELETE.
	Method string
	// Route is the template of the path, without a version: "/{waba-id}/phone_numbers".
	Route string
	// Path is the path that was sent, with its ids and its version.
	Path string
	// IDs are the ids in the path, or those of the ids parameter.
	IDs   []string
	Query url.Values
	// Form holds the parameters of the body, be it a form, multipart or JSON.
	// Lists and maps are JSON text.
	Form   url.Values
	Header http.Header
	// TokenKind is app, user, system_user or business. It is empty without a
	// token, and "unknown" for a token that the Server never issued.
	TokenKind string
	// Batch is true for one operation of a batch.
	Batch bool
	// Status is the HTTP status, Code and Subcode are those of Graph's error. All
	// three are 0 until the call ends. After a lost answer they are what the
	// answer said.
	Status, Code, Subcode int
	// Outcome is answered, lost, cut, reset, timed out or cancelled.
	Outcome string
	// Began and Ended are places in one series of events, in which each call has two:
	// its arrival and its end. Ended is 0 until the call ends. So a call had ended
	// before another one began if its Ended is the smaller number.
	Began, Ended int
	// Effect reports whether the call changed the world: a write that was carried
	// out, also if its answer was lost or a Fault replaced it. A write of what is set
	// already counts. A call that was refused has no effect, although a registration
	// that is refused spends an attempt.
	Effect bool
}

// Calls returns the calls so far, in the order in which they arrived.
func (s *Server) Calls() []Call {
	seen := read(s, (*graphsim.Sim).Calls)
	calls := make([]Call, len(seen))
	for i := range seen {
		calls[i] = Call(seen[i])
	}
	return calls
}
