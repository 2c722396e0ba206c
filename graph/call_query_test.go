package graph_test

import (
	"maps"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// The encoder written by hand, which saves memory, writes what net/url writes.
func TestEncodeQuery_EqualsNetURL(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, params := range map[string]url.Values{
		"nothing":    nil,
		"one":        {"fields": {"id,name,phone_numbers.limit(5){id,certificate}"}},
		"order":      {"limit": {"100"}, "after": {"QVFIUj=="}, "fields": {"id"}},
		"repeated":   {"a": {"1", "2"}, "b": nil, "c": {""}},
		"every byte": {string(every): {string(every)}},
		"many names": {"a": {"1"}, "b": {"2"}, "c": {"3"}, "d": {"4"}, "e": {"5"}, "f": {"6"}, "g": {"7"}, "h": {"8"}, "i": {"9"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, params.Encode(), graph.EncodeQuery(params, ""))
			proved := url.Values{"appsecret_proof": {"0af9"}}
			maps.Copy(proved, params)
			require.Equal(t, proved.Encode(), graph.EncodeQuery(params, "0af9"))
		})
	}
}
