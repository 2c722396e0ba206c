package readme

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

// advice is the switch that README shows, with something to do in each case.
func advice(err error) (wait time.Duration, what string) {
	switch {
	case errors.Is(err, wagraph.ErrThrottled): // over a quota, and not processed
		if e, ok := errors.AsType[*wagraph.Error](err); ok {
			wait = e.RetryAfter // what Meta named, 0 if nothing
		}
	case errors.Is(err, wagraph.ErrNotFound):
		what = "gone, or this token may not see it"
	case errors.Is(err, wagraph.Code(133016)):
		what = "locked for 72 hours"
	}
	return wait, what
}

func TestREADMEShowsTheSwitch(t *testing.T) {
	program, err := os.ReadFile("errors_test.go")
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(program), "what string) {\n")
	code, _, found := strings.Cut(code, "\treturn wait, what\n")
	require.True(t, found)
	require.Equal(t, outdented(code, "\t"), outdented(fence(t, "errors"), "  "))
}

// outdented takes an indent off each line: README's fence stands in a list.
func outdented(text, indent string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(line, indent))
	}
	return strings.TrimRight(b.String(), " ")
}

// TestTheSwitchTakesWrappedErrors: most are, by the time somebody looks.
func TestTheSwitchTakesWrappedErrors(t *testing.T) {
	wrapped := func(e *wagraph.Error) error { return fmt.Errorf("client acme: %w", e) }
	wait, _ := advice(wrapped(&wagraph.Error{Kind: wagraph.ErrThrottled, RetryAfter: time.Minute}))
	require.Equal(t, time.Minute, wait)
	_, what := advice(wrapped(&wagraph.Error{Kind: wagraph.ErrNotFound}))
	require.Contains(t, what, "gone")
	_, what = advice(wrapped(&wagraph.Error{Kind: wagraph.ErrWait, Code: 133016}))
	require.Contains(t, what, "72 hours")
}
