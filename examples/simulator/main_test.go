package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/exampletest"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// firstWrite hands on what is printed first.
type firstWrite chan string

func (w firstWrite) Write(p []byte) (int, error) {
	select {
	case w <- string(p):
	default:
	}
	return len(p), nil
}

// process is the program's view of a process that only prints.
func process(out, stderr io.Writer, args ...string) cli.Process {
	return cli.Process{Args: args, Env: exampletest.Env(nil), In: strings.NewReader(""), Out: out, Err: stderr}
}

// start runs the program until the test ends, and returns its greeting.
func start(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	printed, exit := make(firstWrite, 1), make(chan int, 1)
	var stderr strings.Builder
	go func() {
		exit <- cli.Run(ctx, "simulator", process(printed, &stderr, append([]string{"-addr", "127.0.0.1:0"}, args...)...), run)
	}()
	t.Cleanup(func() {
		cancel()
		require.Equal(t, cli.ExitDone, <-exit, "interrupted")
		require.Empty(t, stderr.String())
	})
	select {
	case text := <-printed:
		return text
	case code := <-exit:
		exit <- code
		require.Fail(t, "it ended by itself", stderr.String())
		return ""
	}
}

// curl does what a shell and curl do with a command as the program prints it, and
// decodes the answer.
func curl(t *testing.T, line string) map[string]any {
	t.Helper()
	parts := regexp.MustCompile(`^curl -i -X (GET|POST) (?:-H "Authorization: (Bearer [^"]+)" +)?"([^"]+)"(?: +-d '([^']+)')?$`).FindStringSubmatch(line)
	require.NotNil(t, parts, line)
	req, err := http.NewRequestWithContext(t.Context(), parts[1], parts[3], strings.NewReader(parts[4]))
	require.NoError(t, err)
	if parts[2] != "" {
		req.Header.Set("Authorization", parts[2])
	}
	if parts[4] != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl -d does
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, string(body))
	var answer map[string]any
	require.NoError(t, json.Unmarshal(body, &answer), string(body))
	return answer
}

// lines returns the commands by what is said about them, as the shell sees them
// once the exports have run.
func lines(t *testing.T, text string) map[string]string {
	t.Helper()
	vars := exports(text)
	found := map[string]string{}
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		comment, command, _ := strings.Cut(block, "\ncurl ")
		what, isComment := strings.CutPrefix(comment, "# ")
		if !isComment {
			continue
		}
		command = strings.ReplaceAll("curl "+command, "\\\n", "")
		found[strings.ReplaceAll(what, "\n# ", " ")] = os.Expand(command, func(name string) string {
			require.Contains(t, vars, name)
			return vars[name]
		})
	}
	require.Len(t, found, strings.Count(text, "\ncurl "))
	return found
}

// exports returns the variables that are printed to be exported.
func exports(text string) map[string]string {
	vars := map[string]string{}
	for _, pair := range regexp.MustCompile(`(?m)^export (\w+)='([^']+)'$`).FindAllStringSubmatch(text, -1) {
		vars[pair[1]] = pair[2]
	}
	return vars
}

// first is the first item of an answer's data.
func first(t *testing.T, answer map[string]any) map[string]any {
	t.Helper()
	data, _ := answer["data"].([]any)
	require.NotEmpty(t, data)
	item, _ := data[0].(map[string]any)
	return item
}

// Each command that is printed works, and answers the shape that Meta documents.
func TestGreeting_CommandsWork(t *testing.T) {
	found := lines(t, start(t))

	owned := curl(t, found["your own accounts"])
	require.Len(t, owned["data"], 3)
	for _, field := range []string{"id", "name", "currency", "timezone_id", "message_template_namespace"} {
		require.NotEmpty(t, first(t, owned)[field], field)
	}
	require.Contains(t, owned["paging"], "cursors")
	clients := curl(t, found["the accounts that clients share with you, the newest first"])
	require.Equal(t, "Tamarind Foods", first(t, clients)["name"])

	owner := curl(t, found["who owns the account"])
	info, _ := owner["owner_business_info"].(map[string]any)
	require.NotEmpty(t, info["id"])
	require.Equal(t, "Nordwind Reisen GmbH", info["name"])

	number := first(t, curl(t, found["its numbers, with their certificates"]))
	require.Equal(t, "APPROVED", number["name_status"])
	require.NotEmpty(t, number["certificate"])
	require.NotEmpty(t, number["display_phone_number"])

	line := first(t, curl(t, found["your credit lines"]))
	require.NotEmpty(t, line["id"])
	require.NotEmpty(t, line["legal_entity_name"])

	allocation := first(t, curl(t, found["the allocation of a client"]))
	require.NotEmpty(t, allocation["id"])
	require.Equal(t, info, allocation["receiving_business"])

	inspected := curl(t, found["what a client's token grants"])
	data, _ := inspected["data"].(map[string]any)
	require.Equal(t, true, data["is_valid"])
	scopes, _ := data["granular_scopes"].([]any)
	require.NotEmpty(t, scopes)

	for what, check := range map[string]func(map[string]any){
		"a client goes through Embedded Signup: the answer has its code, which lives 30 seconds and works once": func(answer map[string]any) {
			for _, field := range []string{"code", "access_token", "business_id", "waba_ids", "phone_number_ids"} {
				require.NotEmpty(t, answer[field], field)
			}
		},
		"lose the next answer to a share": func(answer map[string]any) { require.Equal(t, true, answer["success"]) },
		"move the clock ahead by an hour": func(answer map[string]any) { require.NotEmpty(t, answer["now"]) },
		"everything in the simulator":     func(answer map[string]any) { require.NotEmpty(t, answer) },
	} {
		check(curl(t, found[what]))
	}
	require.Len(t, found, 11)
}

// The shape of Meta's WhatsApp guide, on request.
func TestRun_BareAllocation(t *testing.T) {
	answer := curl(t, lines(t, start(t, "-bare-allocation"))["the allocation of a client"])
	require.NotEmpty(t, answer["id"])
	require.Contains(t, answer["receiving_business"], "name")
	require.NotContains(t, answer, "data")
}

// The variables that are printed to be exported point the other examples here.
func TestGreeting_ExportsPointHere(t *testing.T) {
	text := start(t, "-require-proof", "-numeric-ids")
	exampletest.Fits(t, text)
	vars := exports(text)
	require.NotEmpty(t, vars[clientToken])
	delete(vars, clientToken)
	needs := []string{target.BaseURL, target.Token, target.AppID, target.AppSecret, target.BusinessID, target.SystemUser, target.CreditLine}
	require.Len(t, vars, len(needs))
	to, err := target.Open(exampletest.Env(vars), needs, nil)
	require.NoError(t, err)
	require.False(t, to.Real())
	all, err := graph.Collect(waba.New(to.Client).Owned(to.Business, waba.Query{}).All(t.Context()), 0)
	require.NoError(t, err)
	require.Len(t, all, 3)
}

// The first line has everything that a program needs, and nothing follows.
func TestRun_JSONIsOneLine(t *testing.T) {
	text := start(t, "-json", "-wabas", "120", "-numbers", "2")
	require.Equal(t, 1, strings.Count(text, "\n"))
	require.True(t, strings.HasSuffix(text, "\n"))
	var hello map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &hello))
	require.Len(t, hello, 10)
	base, _ := hello["base_url"].(string)
	require.Regexp(t, `^http://127\.0\.0\.1:\d+$`, base)
	require.Equal(t, "v25.0", hello["version"])
	for _, name := range []string{"app_id", "app_secret", "business_id", "system_user_id", "token", "credit_line_id"} {
		require.NotEmpty(t, hello[name], name)
		require.IsType(t, "", hello[name], name)
	}
	require.Len(t, hello["waba_ids"], 4)
	require.Len(t, hello["client_business_ids"], 3)

	business, _ := hello["business_id"].(string)
	token, _ := hello["token"].(string)
	client, err := graph.New(graph.StaticToken(token), graph.WithBaseURL(base))
	require.NoError(t, err)
	all, err := graph.Collect(waba.New(client).Clients(graph.BusinessID(business), waba.Query{}).All(t.Context()), 0)
	require.NoError(t, err)
	require.Len(t, all, 124)
}

// It listens where only this machine reaches it, unless it is told otherwise.
func TestRun_LoopbackAddressesOnly(t *testing.T) {
	for _, addr := range []string{
		"0.0.0.0:0", ":8025", "[::]:0", "192.0.2.1:80", "example.com:80", "127.0.0.1",
		"127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:rain",
	} {
		var out, stderr strings.Builder
		require.Equal(t, cli.ExitUsage, cli.Run(t.Context(), "simulator", process(&out, &stderr, "-addr", addr), run), addr)
		require.Contains(t, stderr.String(), "-addr")
		require.Empty(t, out.String())
	}
	require.NoError(t, checkAddr(t.Context(), "[::1]:0", false))
	require.NoError(t, checkAddr(t.Context(), "localhost:0", false))
	require.Error(t, checkAddr(t.Context(), "0.0.0.0:99999", true))
	text := start(t, "-addr", "0.0.0.0:0", "-allow-any-address")
	require.Contains(t, text, "A simulated Graph API")

	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	var out, stderr strings.Builder
	require.Equal(t, cli.ExitFailed, cli.Run(t.Context(), "simulator", process(&out, &stderr, "-addr", taken.Addr().String()), run))
	require.Contains(t, exampletest.Flat(stderr.String()), "address already in use")
}

func TestRun_WrongFlagsExit2(t *testing.T) {
	for want, args := range map[string][]string{
		"negative": {"-wabas", "-1"}, "no arguments": {"now"}, "flag provided": {"-port", "1"}, "give -wabas too": {"-numbers", "5"},
		"-addr is blank": {"-addr", " "},
	} {
		var out, stderr strings.Builder
		require.Equal(t, cli.ExitUsage, cli.Run(t.Context(), "simulator", process(&out, &stderr, args...), run))
		require.Contains(t, exampletest.Flat(stderr.String()), want)
	}
	var help, stderr strings.Builder
	require.Equal(t, cli.ExitDone, cli.Run(t.Context(), "simulator", process(&help, &stderr, "-h"), run))
	require.Contains(t, help.String(), "-allow-any-address")
	exampletest.Fits(t, help.String())
}

// A request that is being answered is answered to its end.
func TestServe_FinishesRunningRequests(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	arrived, release := make(chan struct{}), make(chan struct{})
	api := graphtest.New(t).Handler()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		api.ServeHTTP(w, r)
	})
	served, answered := make(chan error, 1), make(chan int, 1)
	go func() { served <- serve(ctx, listener, handler) }()
	go func() {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+"/v25.0/me", http.NoBody)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-arrived
	cancel()
	close(release)
	require.Equal(t, http.StatusBadRequest, <-answered, "a call without a token")
	require.NoError(t, <-served)
	_, err = (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
	require.Error(t, err)
}

// A broken listener is an error, not a quiet end.
func TestServe_BrokenListenerIsAnError(t *testing.T) {
	listener := httptest.NewUnstartedServer(nil).Listener
	require.NoError(t, listener.Close())
	require.ErrorIs(t, serve(t.Context(), listener, http.NotFoundHandler()), net.ErrClosed)
}
