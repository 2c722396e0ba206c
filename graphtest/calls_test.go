package graphtest_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// readsFirst reports whether the first read of each of two workers had ended before
// the first write began.
func readsFirst(calls []graphtest.Call) bool {
	write := slices.IndexFunc(calls, func(c graphtest.Call) bool { return c.Effect })
	reads := 0
	for _, c := range calls {
		if c.Method == http.MethodGet && c.Ended > 0 && c.Ended < calls[write].Began {
			reads++
		}
	}
	return reads >= 2
}

// TestServer_Calls_OrderOfTwoWorkers has two workers that read and then write. A log
// says whether both read before one of them wrote.
func TestServer_Calls_OrderOfTwoWorkers(t *testing.T) {
	for name, together := range map[string]bool{"together": true, "one after the other": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := graphtest.New(t)
				accounts, id := waba.New(server.Client()), server.World().ClientWABAs[0]
				var readers, workers sync.WaitGroup
				readers.Add(2)
				worker := func() {
					_, err := accounts.Get(t.Context(), id)
					readers.Done()
					assert.NoError(t, err)
					if together {
						readers.Wait()
					}
					assert.NoError(t, accounts.Subscribe(t.Context(), id))
				}
				for range 2 {
					workers.Go(worker)
					if !together {
						workers.Wait()
					}
				}
				workers.Wait()
				require.Equal(t, together, readsFirst(server.Calls()))
			})
		})
	}
}
