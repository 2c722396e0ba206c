package contract

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// moduleRoot is the module's directory, relative to this package.
const moduleRoot = "../../.."

// clients returns a client of each package that has calls.
func clients(client *graph.Client) map[string]any {
	return map[string]any{
		"credit":       credit.New(client),
		"phonenumbers": phonenumbers.New(client),
		"signup":       signup.New(client, signup.App{ID: "670843887433847", Secret: graph.NewSecret("app-secret")}),
		"waba":         waba.New(client),
	}
}

// answers lead the methods that read before they write through both of their
// branches: first nothing is there yet, then everything is. Their id is the one that
// all calls ask for.
var answers = []string{
	`{"id":"102290129340398","success":true,"owner_business_info":{"id":"102290129340398"},"data":[]}`,
	`{"id":"102290129340398","success":true,"access_token":"t","owner_business_info":{"id":"102290129340398"},"primary_funding_id":"2",
	  "receiving_credential":{"id":"2"},"request_status":"DELETED","data":[{"id":"1","receiving_credential":{"id":"2"}}]}`,
}

// TestSDK_AgreesWithMetasSpecifications records what each method of the SDK sends
// and what it reads of the answer, and compares that with Meta's specifications.
func TestSDK_AgreesWithMetasSpecifications(t *testing.T) {
	source := &Source{Calls: map[string]Call{}}
	synctest.Test(t, func(t *testing.T) { // methods that confirm by reading wait for seconds
		rec := &recorder{t: t, source: source}
		client, err := graph.New(graph.StaticToken("canary"), graph.WithTracer(rec), graph.WithHTTPClient(&http.Client{Transport: rec}))
		require.NoError(t, err)
		all := clients(client)
		for _, dir := range packagesWithRoutes(t, moduleRoot) {
			require.Contains(t, all, dir, "a package with routes is missing in clients")
			parsed := parsePackage(t, moduleRoot+"/"+dir)
			for _, values := range parsed.values {
				rec.values = append(rec.values, values...)
			}
			for _, rec.answer = range answers {
				(&caller{pkgSource: parsed, rec: rec, ctx: t.Context()}).callAll(t, all[dir])
			}
			for name, route := range parsed.routes {
				require.True(t, sentTo(source, route), "no method of %s used %s = %s", dir, name, route)
			}
		}
		inBulk(t, client)
		require.Contains(t, source.Calls, "POST /")
		require.Contains(t, source.Calls, "GET /")
	})
	judge(t, "sdk", source)
}

// inBulk makes the two calls of the core package. The recorder does not answer them
// as Graph does: only the requests count.
func inBulk(t *testing.T, client *graph.Client) {
	t.Helper()
	ops := []graph.Op[waba.Account]{waba.GetOp("102290129340398"), waba.GetOp("102290129340399")}
	batch := graph.NewBatch(client)
	for _, op := range ops {
		graph.Add(batch, op)
	}
	_ = batch.Send(t.Context())
	_ = graph.SendByIDs(t.Context(), client, ops)
}

func sentTo(source *Source, route string) bool {
	return slices.ContainsFunc([]string{http.MethodGet, http.MethodPost, http.MethodDelete}, func(method string) bool {
		_, ok := source.Calls[method+" "+route]
		return ok
	})
}

func judge(t *testing.T, reading string, source *Source) {
	t.Helper()
	schema, err := Codegen()
	require.NoError(t, err)
	document, err := OpenAPI()
	require.NoError(t, err)
	exceptions, err := Exceptions()
	require.NoError(t, err)
	found := Compare(source, Prose(exceptions), schema, document)
	require.NoError(t, Judge(reading, found, exceptions))
	t.Logf("%s: %d calls and %d node types, %d exceptions in all", reading, len(source.Calls), len(source.Nodes), len(exceptions))
}
