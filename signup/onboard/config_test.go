package onboard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Each wrong field is an InputError with the field's name.
func TestNew_NamesTheField(t *testing.T) {
	token := graph.NewSecret("a verify token")
	for name, row := range map[string]struct {
		field  string
		change func(*onboard.Config)
	}{
		"no client":          {"Config.Client", func(c *onboard.Config) { c.Client = nil }},
		"a zero client":      {"Config.Client", func(c *onboard.Config) { c.Client = &graph.Client{} }},
		"no app id":          {"Config.App.ID", func(c *onboard.Config) { c.App.ID = "" }},
		"no app secret":      {"Config.App.Secret", func(c *onboard.Config) { c.App.Secret = graph.Secret{} }},
		"no business":        {"Config.Business", func(c *onboard.Config) { c.Business = "" }},
		"a name as business": {"Config.Business", func(c *onboard.Config) { c.Business = "acme" }},
		"no store":           {"Config.Store", func(c *onboard.Config) { c.Store = nil }},
		"a nil store":        {"Config.Store", func(c *onboard.Config) { c.Store = (*onboard.MemoryStore)(nil) }},
		"no vault":           {"Config.Vault", func(c *onboard.Config) { c.Vault = nil }},
		"a nil vault":        {"Config.Vault", func(c *onboard.Config) { c.Vault = (*vault.SealedVault)(nil) }},
		"a system user":      {"Config.SystemUser", func(c *onboard.Config) { c.SystemUser = "admin" }},
		"a task":             {"Config.Tasks", func(c *onboard.Config) { c.Tasks = []waba.Task{waba.TaskDevelop, "EVERYTHING"} }},
		"a line":             {"Config.Line", func(c *onboard.Config) { c.Line = "line" }},
		"no currency":        {"Config.Currency", func(c *onboard.Config) { c.Currency = "" }},
		"a currency":         {"Config.Currency", func(c *onboard.Config) { c.Line, c.Currency = "", "euro" }},
		"plain http":         {"Config.Callback", func(c *onboard.Config) { c.Callback = &waba.Callback{URI: "http://bsp.example/", VerifyToken: token} }},
		"no host":            {"Config.Callback", func(c *onboard.Config) { c.Callback = &waba.Callback{URI: "https://:443/hook", VerifyToken: token} }},
		"no verify token":    {"Config.Callback", func(c *onboard.Config) { c.Callback = &waba.Callback{URI: "https://bsp.example/"} }},
		"a line break":       {"Config.Worker", func(c *onboard.Config) { c.Worker = "worker\n1" }},
		"a short lease":      {"Config.Lease", func(c *onboard.Config) { c.Lease = onboard.MinLease - 1 }},
		"a long lease":       {"Config.Lease", func(c *onboard.Config) { c.Lease = 2 * time.Hour }},
		"a long worker":      {"Config.Worker", func(c *onboard.Config) { c.Worker = strings.Repeat("w", 256) }},
		"an empty vault":     {"Config.Vault", func(c *onboard.Config) { c.Vault = new(vault.SealedVault) }},
		"tasks for no user":  {"Config.Tasks", func(c *onboard.Config) { c.SystemUser, c.Tasks = "", []waba.Task{waba.TaskManage} }},
		"a password": {"Config.Callback", func(c *onboard.Config) {
			c.Callback = &waba.Callback{URI: "https://u:p@bsp.example/hook", VerifyToken: token}
		}},
		"a negative lease": {"Config.Lease", func(c *onboard.Config) { c.Lease = -time.Minute }},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := newBench(t).config()
			row.change(&cfg)
			flow, err := onboard.New(cfg)
			requireField(t, err, row.field)
			require.ErrorIs(t, err, graph.ErrInput)
			require.Nil(t, flow)
		})
	}
	cfg := newBench(t).config()
	cfg.Line, cfg.Currency, cfg.Lease = "", "", onboard.MinLease
	_, err := onboard.New(cfg)
	require.NoError(t, err, "a Tech Provider needs no currency")
	require.GreaterOrEqual(t, onboard.MinLease, 90*time.Second)
}
