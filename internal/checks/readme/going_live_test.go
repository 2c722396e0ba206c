package readme

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

func goingLive() (*graph.Client, error) {
	// begin going-live
	partner, err := graph.New(
		graph.StaticToken(os.Getenv("WAGRAPH_TOKEN")), // the token of your admin system user
		graph.WithAppSecret(graph.NewSecret(os.Getenv("WAGRAPH_APP_SECRET"))),
		graph.WithPacer(pacing.New(pacing.Config{})), // keeps the program inside Meta's hourly quotas
	)
	// end going-live
	return partner, err
}

func TestGoingLive_MakesAClient(t *testing.T) {
	t.Setenv("WAGRAPH_TOKEN", "EAAtoken")
	t.Setenv("WAGRAPH_APP_SECRET", "0123456789abcdef0123456789abcdef")
	partner, err := goingLive()
	require.NoError(t, err)
	require.Equal(t, graph.DefaultVersion, partner.Version())
}
