package killtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// kill says where a process ends itself: at the point of that name, or at the point
// with that index. neverKill is for the last process of an onboarding.
type kill struct {
	point string
	index int
}

func at(point string) kill { return kill{point: point, index: -1} }
func after(index int) kill { return kill{index: index} }
func (k kill) String() string {
	if k.point != "" {
		return k.point
	}
	return fmt.Sprintf("point %d", k.index)
}

var neverKill = kill{index: -1}

// ending is how an onboarding ended, and after how many kills.
type ending struct {
	outcome
	shape string
	kills int
}

// onboardClient onboards a client with processes that are killed at the given points,
// one after the other, and with a last one that is not. It checks the record, the
// simulator and what is stored.
func onboardClient(t *testing.T, v crash.Variant, db database, kills ...kill) (end ending) {
	t.Helper()
	server := graphtest.Start()
	var open connections
	web := httptest.NewUnstartedServer(server.Handler())
	web.Config.ConnState = open.change
	web.Start()
	defer web.Close()
	client, err := v.Prepare(server)
	require.NoError(t, err)
	w := server.World()
	o := order{
		Variant: v.Name, BaseURL: web.URL, Database: db,
		App: string(w.App), AppSecret: w.AppSecret.Reveal(), Business: string(w.Business), Token: v.Caller(w).Token.Reveal(),
		Employee: string(w.Employee.ID), Line: string(w.CreditLine),
		Code: client.Code.Reveal(), AccessToken: client.AccessToken.Reveal(), ClientToken: client.Token.Reveal(),
		ClientBusiness: string(client.Business), WABAs: client.WABAs, Numbers: client.Numbers,
	}
	finished := false
	for i, k := range append(kills, neverKill) {
		open.wait()
		o.Point, o.Index, o.Worker = k.point, k.index, fmt.Sprintf("process %d", i)
		if end.outcome, finished = run(t, o); finished {
			end.kills = i
			break
		}
	}
	require.True(t, finished, "%s: killed at %v, and the last process was killed too", v.Name, kills)
	require.NoError(t, v.Wrong(server, client, end.Record), "%s killed at %v: %+v", v.Name, kills, end.Record.Steps)
	require.Zero(t, end.Record.Holder, "%v", kills)
	requireSealed(t, server, db, client, end.outcome)
	end.shape, err = crash.Shape(end.Record)
	require.NoError(t, err)
	return end
}

// run starts a process and waits for its end. It returns false if the process was
// killed.
func run(t *testing.T, o order) (outcome, bool) {
	t.Helper()
	orders, err := json.Marshal(o)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), asProcess+"=1")
	cmd.Stdin = bytes.NewReader(orders)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err = cmd.Run(); err != nil {
		require.EqualError(t, err, "signal: killed", "%s, killed at %q or %d: %s", o.Variant, o.Point, o.Index, stderr.String())
		return outcome{}, false
	}
	var done outcome
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &done))
	return done, true
}

// requireSealed searches what is stored for every secret of the onboarding.
func requireSealed(t *testing.T, server *graphtest.Server, db database, client crash.Client, done outcome) {
	t.Helper()
	w := server.World()
	token, err := server.BusinessToken(client.Business)
	require.NoError(t, err)
	secrets := []graph.Secret{w.AppSecret, w.Admin.Token, w.Employee.Token, client.Code, client.AccessToken, token, crash.Callback().VerifyToken}
	for number, text := range done.PINs {
		pin := graph.NewSecret(text)
		secrets = append(secrets, pin)
		require.NoError(t, phonenumbers.New(server.Client()).Register(t.Context(), number, pin), "the PIN in the vault is the number's")
	}
	stored := db.bytes(t)
	require.Contains(t, string(stored), done.Record.ID, "it is the right database")
	require.NoError(t, sdktest.Leak(stored, secrets...))
}

// requireSameEnd asserts that the kills changed nothing but what they may change,
// compared with an onboarding without kills. It returns what they changed.
func requireSameEnd(t *testing.T, v crash.Variant, whole, end ending) string {
	t.Helper()
	if end.Record.State != onboard.StateDone {
		require.True(t, v.Code, "only a code can be lost")
		require.Equal(t, onboard.StateNeedsNewSignup, end.Record.State)
		require.Equal(t, whole.Record.Claim, end.Record.Claim, "the record still has the claim")
		return string(end.Record.State)
	}
	require.Equal(t, whole.shape, end.shape)
	if end.Record.TokenFetched && !whole.Record.TokenFetched {
		return "token fetched"
	}
	return "as if nothing had happened"
}
