package redact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/redact"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"nothing here":                "nothing here",
		"plain a/b+c&d":               "plain [redacted]",
		"query a%2Fb%2Bc%26d":         "query [redacted]",
		"path a%2Fb+c&d":              "path [redacted]",
		`slashes a\/b+c&d`:            "slashes [redacted]",
		`JSON a/b+c\u0026d`:           "JSON [redacted]",
		"the app's token 1|s3cret":    "the app's token [redacted]",
		"the app's secret s3cret":     "the app's secret [redacted]",
		"twice a/b+c&d and a/b+c&d":   "twice [redacted] and [redacted]",
		"the empty secret hides none": "the empty secret hides none",
	} {
		require.Equal(t, want, redact.Text(text, "a/b+c&d", "", "1|s3cret"))
	}
	require.Equal(t, "no secrets", redact.Text("no secrets"))
}
