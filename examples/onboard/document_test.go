package main

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

func TestRun_JSONIsOneDocument(t *testing.T) {
	exit, stdout, stderr := play(t, nil, "-json")
	require.Equal(t, cli.ExitDone, exit)
	require.Contains(t, stderr, "9 check")
	doc := decode(t, stdout)
	require.True(t, doc.Done)
	require.Len(t, doc.Records, 1)
	require.Equal(t, onboard.StateDone, doc.Records[0].State)
	require.Len(t, doc.Records[0].Steps, 9)
	require.Len(t, doc.Records[0].Accounts, 1)
	waba := doc.Records[0].Accounts[0]
	require.True(t, waba.Attached)
	require.NotEmpty(t, waba.Allocation)
	require.True(t, waba.Numbers[0].CanSend)
	require.Nil(t, doc.Error)

	exit, stdout, _ = play(t, nil, "-json", "-fault", "expired-code")
	require.Equal(t, cli.ExitFailed, exit)
	doc = decode(t, stdout)
	require.False(t, doc.Done)
	require.Equal(t, graph.ErrInvalid, doc.Error.Kind)
	require.Equal(t, onboard.StateNeedsNewSignup, doc.Records[0].State)
	require.Equal(t, 36007, doc.Records[0].Steps[0].Calls[0].Subcode)
	require.NotEmpty(t, doc.Error.Next)

	synctest.Test(t, func(t *testing.T) {
		exit, stdout, _ = play(t, nil, "-json", "-fault", "throttle-long")
		require.Equal(t, cli.ExitLater, exit)
		doc = decode(t, stdout)
		require.True(t, doc.Error.Later)
		require.Equal(t, 25*time.Minute, time.Until(doc.Records[0].Due).Round(time.Minute))
	})
}

func decode(t *testing.T, text string) document {
	t.Helper()
	var doc document
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&doc))
	require.False(t, decoder.More())
	return doc
}
