package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/transport"
)

// Raw is a client that the SDK is compared with: net/http and encoding/json alone,
// used with the same care (a timeout, a limit for the body, enough idle
// connections). It requests the same targets with the same headers, and decodes into
// the same structs.
type Raw struct {
	client *http.Client
	base   string
	token  string
}

// NewRaw returns a Raw for a server.
func NewRaw(base, token string) *Raw {
	return &Raw{base: base, token: token, client: &http.Client{Timeout: time.Minute, Transport: transport.NewBase()}}
}

// Get requests a target, a path with a query, and decodes the answer into out.
func (r *Raw) Get(ctx context.Context, target string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+target, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("User-Agent", "wagraph")
	resp, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, graph.DefaultMaxBody+1))
	switch {
	case err != nil:
		return err
	case len(body) > graph.DefaultMaxBody:
		return fmt.Errorf("bench: the body is larger than %d bytes", graph.DefaultMaxBody)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("bench: status %d: %.200s", resp.StatusCode, body)
	}
	return json.Unmarshal(body, out)
}

// rawPage is a page of a list, as a program without an SDK decodes it.
type rawPage[T any] struct {
	Data   []T `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`
}

// rawAll reads a list from the target of its first page to its end.
func rawAll[T any](ctx context.Context, r *Raw, first string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		target, err := url.Parse(first)
		if err != nil {
			yield(nil, err)
			return
		}
		query := target.Query()
		for {
			var page rawPage[T]
			if err := r.Get(ctx, target.Path+"?"+query.Encode(), &page); err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Data {
				if !yield(&page.Data[i], nil) {
					return
				}
			}
			if page.Paging.Next == "" {
				return
			}
			query.Set("after", page.Paging.Cursors.After)
		}
	}
}
