package graph_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// usageOf returns what a tracer reads from the headers of an answer.
func usageOf(t *testing.T, headers ...string) graph.Usage {
	t.Helper()
	r := &recorder{}
	require.NoError(t, newClient(t, newWire(reply(http.StatusOK, `{}`, headers...)), graph.WithTracer(r)).Do(t.Context(), read(graph.RepeatAuto), nil))
	return r.ends[0].Usage()
}

func TestUsage_BothHeaders(t *testing.T) {
	usage := usageOf(t, `X-App-Usage: {"call_count":28,"total_time":25,"total_cputime":31}`,
		`X-Business-Use-Case-Usage: {"1":[{"type":"whatsapp_business_management","call_count":100,"total_cputime":25,"total_time":26,"estimated_time_to_regain_access":19},`+
			`{"type":"whatsapp","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}],`+
			`"2":[{"type":"whatsapp_business_management","call_count":3,"estimated_time_to_regain_access":"4","ads_api_access_tier":"x"}],`+
			`"1":[{"type":"again","call_count":5}]}`)
	require.Equal(t, graph.Usage{
		App: graph.Load{Calls: 28, Time: 25, CPUTime: 31},
		Assets: []graph.AssetUsage{
			{Asset: "1", Type: "whatsapp_business_management", Load: graph.Load{Calls: 100, CPUTime: 25, Time: 26}, RegainAfter: 19 * time.Minute},
			{Asset: "1", Type: "whatsapp", Load: graph.Load{Calls: 1, CPUTime: 1, Time: 1}},
			{Asset: "2", Type: "whatsapp_business_management", Load: graph.Load{Calls: 3}, RegainAfter: 4 * time.Minute},
			{Asset: "1", Type: "again", Load: graph.Load{Calls: 5}},
		},
	}, usage, "a key that comes twice is kept twice")
	require.Equal(t, 19*time.Minute, usage.RegainAfter())
	require.Equal(t, 31, usage.App.Peak())
}

func TestUsage_KeepsWhatCanBeRead(t *testing.T) {
	one := graph.AssetUsage{Asset: "1", Type: "t", Load: graph.Load{Calls: 7}}
	good := `"1":[{"type":"t","call_count":7}]`
	for header, want := range map[string][]graph.AssetUsage{
		``: nil, `garbage`: nil, `[]`: nil, `null`: nil, `{`: nil, `{}`: nil, `{"1":`: nil,
		`{` + good + `}`:                          {one},
		`{` + good:                                {one},
		`{` + good + `,"2":[{`:                    {one},
		`{"0":"text",` + good + `}`:               {one},
		`{"0":{"type":"t"},` + good + `}`:         {one},
		`{"0":null,` + good + `}`:                 {one},
		`{"0":[{"call_count":1.5}],` + good + `}`: {{Asset: "0"}, one},
		`{"1":[{"type":"t","call_count":7,"estimated_time_to_regain_access":1.5}]}`:  {one},
		`{"1":[{"type":"t","call_count":7,"estimated_time_to_regain_access":-4}]}`:   {one},
		`{"1":[{"type":"t","call_count":7,"estimated_time_to_regain_access":null}]}`: {one},
	} {
		require.Equal(t, want, usageOf(t, "X-Business-Use-Case-Usage: "+header).Assets, header)
	}
	for _, header := range []string{``, `garbage`, `[]`, `{"call_count":"many"}`} {
		require.Zero(t, usageOf(t, "X-App-Usage: "+header).App, header)
	}
	require.Equal(t, graph.Load{CPUTime: 5}, usageOf(t, `X-App-Usage: {"call_count":1.5,"total_cputime":5}`).App)
	require.Zero(t, usageOf(t))
}

func TestUsage_OfFailures(t *testing.T) {
	r := &recorder{}
	err := newClient(t, newWire(graphError(400, `"code":80008`, regain(19))), graph.WithTracer(r)).Do(t.Context(), read(graph.RepeatAuto), nil)
	require.Equal(t, 19*time.Minute, graphErrorOf(t, err).RetryAfter)
	require.Equal(t, wabaID, r.ends[0].Usage().Assets[0].Asset)
}
