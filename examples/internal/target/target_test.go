package target_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A program has to ask, except on the simulator and on this machine.
func TestTarget_Real(t *testing.T) {
	embedded, err := target.Open(exampletest.Env(nil), nil, nil)
	require.NoError(t, err)
	require.NotNil(t, embedded.Simulator)
	require.False(t, embedded.Real())
	for base, want := range map[string]bool{
		"https://graph.facebook.com": true, "https://gateway.example/graph": true, "https://10.0.0.8": true,
		"http://127.0.0.1:8025": false, "http://localhost:8025": false, "http://[::1]:8025": false,
	} {
		to, err := target.Open(exampletest.Env(map[string]string{target.BaseURL: base, target.Token: "t"}), []string{target.Token}, nil)
		require.NoError(t, err)
		require.Nil(t, to.Simulator)
		require.Equal(t, want, to.Real(), base)
	}
}

// A token alone means Meta.
func TestOpen_WithoutBaseURLIsMeta(t *testing.T) {
	to, err := target.Open(exampletest.Env(map[string]string{target.Token: "t"}), []string{target.Token}, nil)
	require.NoError(t, err)
	require.Equal(t, "Meta at "+graph.DefaultBaseURL, to.String())
	require.Equal(t, "Meta", to.Speaker())
}

// An error names the variable and shows no value.
func TestOpen_ErrorsNameTheVariableAndHideTheValue(t *testing.T) {
	vars := exampletest.Vars(graphtest.New(t), "https://graph.example")
	vars[target.AppID] = "canary-in-the-wrong-line"
	_, err := target.Open(exampletest.Env(vars), nil, nil)
	require.ErrorContains(t, err, target.AppID)
	require.NotContains(t, err.Error(), "canary")
	var input *graph.InputError
	require.ErrorAs(t, err, &input)

	delete(vars, target.Token)
	delete(vars, target.CreditLine)
	_, err = target.Open(exampletest.Env(vars), []string{target.Token}, nil)
	require.ErrorContains(t, err, target.Token+". Set it, or ")
	_, err = target.Open(exampletest.Env(vars), []string{target.Token, target.CreditLine}, nil)
	require.ErrorContains(t, err, target.Token+", "+target.CreditLine+". Set them, or ")
	require.NotContains(t, err.Error(), "canary")
}

// The help names every variable.
func TestHelp_NamesEveryVariable(t *testing.T) {
	help := target.Help(target.Token)
	for name := range exampletest.Vars(graphtest.New(t), "") {
		require.Contains(t, help, name)
	}
}

// The program says Meta only where Meta answers.
func TestTarget_Speaker(t *testing.T) {
	embedded, err := target.Open(exampletest.Env(nil), nil, nil)
	require.NoError(t, err)
	require.Equal(t, "simulator", embedded.Speaker())
	require.Equal(t, "the embedded simulator", embedded.String())
	for base, want := range map[string]string{
		"https://graph.facebook.com": "Meta", "http://127.0.0.1:8025": "simulator", "http://localhost:8025": "simulator",
		"https://gateway.example": "server", "https://notfacebook.com": "server",
	} {
		to, err := target.Open(exampletest.Env(map[string]string{target.BaseURL: base, target.Token: "t"}), []string{target.Token}, nil)
		require.NoError(t, err)
		require.Equal(t, want, to.Speaker(), base)
		require.Contains(t, to.String(), base)
	}
}

// A variable that is set and blank is a mistake, not a wish for the simulator.
func TestOpen_BlankVariablesAreUsageErrors(t *testing.T) {
	good := exampletest.Vars(graphtest.New(t), "https://graph.example")
	for name := range good {
		for _, blank := range []string{"", "  "} {
			vars := exampletest.Vars(graphtest.New(t), "https://graph.example")
			vars[name] = blank
			_, err := target.Open(exampletest.Env(vars), []string{target.Token}, nil)
			require.ErrorContains(t, err, name+" is set and blank")
			var usage *cli.UsageError
			require.ErrorAs(t, err, &usage)
		}
	}
	// It is named before the variables that are missing.
	for _, name := range []string{target.Token, target.Token + "_FILE", target.AppSecret + "_FILE"} {
		_, err := target.Open(exampletest.Env(map[string]string{name: ""}), []string{target.Token, target.BusinessID}, nil)
		require.ErrorContains(t, err, name+" is set and blank")
	}
}

// A secret may be in a file, which its variable with _FILE names.
func TestOpen_SecretsFromFiles(t *testing.T) {
	server := graphtest.New(t)
	vars := exampletest.Serve(t, server)
	for _, name := range []string{target.Token, target.AppSecret} {
		file := filepath.Join(t.TempDir(), "secret")
		require.NoError(t, os.WriteFile(file, []byte(vars[name]+"\n"), 0o600))
		delete(vars, name)
		vars[name+"_FILE"] = file
	}
	to, err := target.Open(exampletest.Env(vars), []string{target.Token, target.AppSecret}, nil)
	require.NoError(t, err)
	require.True(t, to.App.Secret.Equal(server.World().AppSecret))
	_, err = waba.New(to.Client).Get(t.Context(), server.World().ClientWABAs[0])
	require.NoError(t, err)
}
