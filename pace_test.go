package wagraph_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// held is a pacer that lets nothing go.
type held struct{ err error }

func (h held) Wait(context.Context) error { return h.err }

// tooLong is a pacer's refusal that names its wait.
type tooLong struct{ wait time.Duration }

func (tooLong) Error() string               { return "the account is at its wall" }
func (e tooLong) RetryAfter() time.Duration { return e.wait }

func TestAPacersErrorEndsTheCallUnsent(t *testing.T) {
	broken := errors.New("the budget's disk is full")
	for name, test := range map[string]struct {
		pacer error
		kind  wagraph.Kind
		wait  time.Duration
	}{
		"an error":               {broken, wagraph.ErrTransient, 0},
		"an error with its wait": {tooLong{19 * time.Minute}, wagraph.ErrThrottled, 19 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				graph := server.Client(wagraph.WithPacer(held{test.pacer}))
				err := graph.Do(t.Context(), wagraph.Request{Method: http.MethodGet, Route: "/me"}, nil)
				require.ErrorIs(t, err, test.kind)
				require.ErrorIs(t, err, test.pacer)
				var e *wagraph.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, test.wait, e.RetryAfter)
				require.Contains(t, err.Error(), "Nothing was sent")
				require.Empty(t, server.Calls())
			})
		})
	}
}
