package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

// large answers with a body of that many bytes, which begins with a text and goes on
// with one letter. It counts the bytes that are read.
func large(status int, begin string, size int64, read *int64) answer {
	return sdktest.WithBody(reply(status, ""), func(*http.Request, []byte) io.Reader {
		rest := io.LimitReader(sdktest.ReaderFunc(func(p []byte) (int, error) {
			for i := range p {
				p[i] = 'a'
			}
			return len(p), nil
		}), size-int64(len(begin)))
		body := io.MultiReader(strings.NewReader(begin), rest)
		return sdktest.ReaderFunc(func(p []byte) (int, error) {
			n, err := body.Read(p)
			*read += int64(n)
			return n, err
		})
	})
}

// unreadable are bodies from which nothing can be learned.
func unreadable(status int) map[string]answer {
	var read int64
	cutError := `{"error":{"message":"An unknown error","code":1,"type":"OAuthExc`
	return map[string]answer{
		"too large":         large(status, `{"error":{"message":"`, 1<<20, &read),
		"larger than all":   large(status, `{"error":{"message":"`, 64<<20, &read),
		"announced":         announced(large(status, "", 64<<20, &read), 64<<20),
		"cut off":           cut(status, cutError),
		"cut at the start":  cut(status, ""),
		"cut and announced": reply(status, cutError),
	}
}

// announced answers with a length in the header.
func announced(next answer, length int64) answer {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := next(req)
		resp.ContentLength = length
		return resp, err
	}
}

// The status says what became of a call whose body cannot be read: as it does beside
// a page of a gateway.
func TestUnreadableBody_TheStatusDecides(t *testing.T) {
	for status, want := range map[int]graph.Kind{
		500: graph.ErrTransient, 502: graph.ErrTransient, 503: graph.ErrTransient, 504: graph.ErrTransient,
		401: graph.ErrAuth, 403: graph.ErrPermission, 404: graph.ErrNotFound,
		429: graph.ErrThrottled, 302: graph.ErrBadResponse,
	} {
		bodies := unreadable(status)
		bodies["a page"] = reply(status, html)
		for name, body := range bodies {
			t.Run(fmt.Sprint(status, " ", name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					for _, repeat := range []graph.Repeat{graph.RepeatAuto, graph.RepeatAlways, graph.RepeatOnce} {
						for _, req := range []graph.Request{read(repeat), write(repeat)} {
							mayRepeat := repeat == graph.RepeatAlways || repeat == graph.RepeatAuto && req.Method == http.MethodGet
							kind, attempts := want, 1
							switch {
							case status >= 500 && !mayRepeat:
								kind = graph.ErrOutcomeUnknown
							case status >= 500, status == 429 && repeat != graph.RepeatOnce:
								attempts = 4
							}
							w := newWire(body)
							err := newClient(t, w).Do(t.Context(), req, nil)
							require.Equal(t, kind, graph.KindOf(err), "%s %v: %v", req.Method, repeat, err)
							require.Equal(t, status, graphErrorOf(t, err).Status)
							require.Equal(t, attempts, w.count(), "%s %v: %v", req.Method, repeat, err)
							require.Equal(t, attempts, graphErrorOf(t, err).Attempts)
							requireNoSecret(t, said(err))
						}
					}
				})
			})
		}
	}
}

// Graph answers with 400 whatever the error is, also if it does not know whether the
// call was done. So without the body the outcome of a write is unknown.
func TestUnreadableBody_Of400(t *testing.T) {
	for name, body := range unreadable(http.StatusBadRequest) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, repeat := range []graph.Repeat{graph.RepeatAuto, graph.RepeatOnce} {
					w := newWire(body)
					err := newClient(t, w).Do(t.Context(), write(repeat), nil)
					require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(err), "%v", err)
					require.ErrorContains(t, err, "look before doing it again")
					require.Equal(t, 1, w.count())
				}
				w := newWire(body, reply(http.StatusOK, `{"id":"`+wabaID+`"}`))
				err := newClient(t, w).Do(t.Context(), read(graph.RepeatAuto), nil)
				if isCut := strings.HasPrefix(name, "cut"); isCut {
					require.NoError(t, err, "the next answer may be whole")
					return
				}
				require.Equal(t, graph.ErrBadResponse, graph.KindOf(err), "it would be too large again")
				require.Equal(t, 1, w.count())
			})
		})
	}
	err := newClient(t, newWire(reply(http.StatusBadRequest, html))).Do(t.Context(), write(graph.RepeatAuto), nil)
	require.Equal(t, graph.ErrBadResponse, graph.KindOf(err), "a gateway's page is a refusal")
}

// A batch that was answered like that is repeated op by op: reads, and no writes.
func TestUnreadableBody_OfABatch(t *testing.T) {
	for name, body := range unreadable(http.StatusServiceUnavailable) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire(body, reply(http.StatusOK, `[{"code":200,"body":"{\"id\":\"`+wabaID+`\"}"}]`))
				batch := graph.NewBatch(newClient(t, w))
				reads := graph.Add(batch, graph.NewOp[row](read(graph.RepeatAuto)))
				writes := graph.Add(batch, graph.NewOp[graph.Success](write(graph.RepeatAuto)))
				require.NoError(t, batch.Send(t.Context()))
				require.NoError(t, reads.Err)
				require.EqualValues(t, wabaID, reads.Value.ID)
				require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(writes.Err), "%v", writes.Err)
				require.Equal(t, 2, w.count())
			})
		})
	}
	for _, body := range []string{`{"error":{"code":1,"mess`, ``, `null`, `<html>`} {
		got, w := sendPart(t, op(http.MethodPost, graph.RepeatAuto), fmt.Sprintf(`{"code":500,"body":%q}`, body), goodPart)
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(got.Err), body)
		require.Equal(t, 1, w.count())
		synctest.Test(t, func(t *testing.T) {
			got, w := sendPart(t, op(http.MethodGet, graph.RepeatAuto), fmt.Sprintf(`{"code":500,"body":%q}`, body), goodPart)
			require.NoError(t, got.Err)
			require.Equal(t, 2, w.count())
		})
	}
}

// allocated returns how many bytes a function allocates, those that are garbage at
// its end included.
func allocated(f func()) int64 {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// A body takes about as much memory as its limit, and an error much less. All that
// is allocated counts, so that no more than that can be held.
func TestMaxBody_BoundsTheMemory(t *testing.T) {
	const limit = graph.DefaultMaxBody
	for name, tt := range map[string]struct {
		status     int
		begin, end string
		size       int64
		length     bool // the header has the length
		most, read int64
		kind       graph.Kind
	}{
		"a success without an end":     {status: 200, size: 1 << 40, most: limit + limit/3, read: limit + 1, kind: graph.ErrBadResponse},
		"a success that is announced":  {status: 200, size: limit + 1, length: true, most: limit + limit/8, read: limit + 1, kind: graph.ErrBadResponse},
		"a success as large as may be": {status: 200, begin: `{"id":"1","x":"`, end: `"}`, size: limit, most: limit + limit/3, read: limit},
		"with its length":              {status: 200, begin: `{"id":"1","x":"`, end: `"}`, size: limit, length: true, most: limit + limit/8, read: limit},
		"an error in a success":        {status: 200, begin: `{"error":{"message":"`, end: `"}}`, size: limit, most: limit + limit/3, read: limit, kind: graph.ErrBadResponse},
		"an answer to the write":       {status: 200, begin: `{"original_response":"`, end: `","error":{"code":190}}`, size: limit, most: limit + limit/3, read: limit, kind: graph.ErrAuth},
		"success is a long text":       {status: 200, begin: `{"success":"`, end: `"}`, size: limit, most: limit + limit/3, read: limit},
		"a 500 without an end":         {status: 500, size: 1 << 40, most: 2 << 20, read: 256<<10 + 1, kind: graph.ErrTransient},
		"a 400 without an end":         {status: 400, size: 1 << 40, most: 2 << 20, read: 256<<10 + 1, kind: graph.ErrBadResponse},
		"a 502 that is announced":      {status: 502, size: 1 << 30, length: true, most: 1 << 20, read: 256<<10 + 1, kind: graph.ErrTransient},
	} {
		t.Run(name, func(t *testing.T) {
			var read int64
			script := large(tt.status, tt.begin, tt.size-int64(len(tt.end)), &read)
			w := roundTrips(func(req *http.Request) (*http.Response, error) {
				resp, err := script(req)
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(resp.Body, countingReader(strings.NewReader(tt.end), &read)), resp.Body}
				if resp.ContentLength = -1; tt.length {
					resp.ContentLength = tt.size
				}
				return resp, err
			})
			client, err := graph.New(graph.StaticToken(token), graph.WithHTTPClient(&http.Client{Transport: w}), graph.WithRetry(graph.RetryPolicy{MaxAttempts: -1}))
			require.NoError(t, err)
			var failed error
			got := allocated(func() {
				failed = client.Do(t.Context(), graph.Request{Method: http.MethodGet, Route: "/me"}, new(struct {
					ID string `json:"id"`
				}))
			})
			require.Equal(t, tt.kind, graph.KindOf(failed), "%v", failed)
			require.LessOrEqual(t, got, tt.most, "bytes for %d", tt.size)
			require.Equal(t, tt.read, read, "no more is read than needed")
			if failed != nil {
				require.Less(t, len(failed.Error()), 1000)
			}
		})
	}
}

func countingReader(r io.Reader, read *int64) io.Reader {
	return sdktest.ReaderFunc(func(p []byte) (int, error) {
		n, err := r.Read(p)
		*read += int64(n)
		return n, err
	})
}

// A lower limit of the client's bounds errors too.
func TestWithMaxBody_BoundsErrors(t *testing.T) {
	var read int64
	w := newWire(large(400, "", 1<<20, &read))
	err := newClient(t, w, graph.WithMaxBody(1000)).Do(t.Context(), write(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, graph.ErrOutcomeUnknown)
	require.EqualValues(t, 1001, read)

	body := `{"error":{"code":190,"message":"` + strings.Repeat("a", 200<<10) + `"}}`
	err = newClient(t, newWire(reply(400, body))).Do(t.Context(), write(graph.RepeatAuto), nil)
	require.ErrorIs(t, err, graph.ErrAuth, "what can be read is read")
}

// A list with large pages, and a word in them that looks like an error's.
func TestMaxBody_LargePages(t *testing.T) {
	var pages bytes.Buffer
	pages.WriteString(`{"data":[`)
	for i := range 40 {
		fmt.Fprintf(&pages, `{"id":"%d","error":"none","success":"x","note":"%s"},`, i, strings.Repeat("n", 100<<10))
	}
	pages.WriteString(`{"id":"40"}]}`)
	list := graph.NewList[row](newClient(t, newWire(reply(200, pages.String()))), graph.Request{Route: "/x"}, graph.ListOptions{})
	got, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Len(t, got, 41)
}
