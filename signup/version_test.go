package signup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup"
)

func TestVersionsEnd(t *testing.T) {
	lastDay := time.Date(2026, time.October, 14, 23, 59, 59, 0, time.UTC)
	for _, v := range []signup.Version{signup.V2, signup.V2PublicPreview, signup.V3, signup.V3PublicPreview} {
		require.False(t, v.Ended(lastDay), v)
		require.True(t, v.Ended(lastDay.Add(time.Second)), v)
	}
	for _, v := range []signup.Version{"", signup.V4, signup.V4PublicPreview, "v5", "v3-alpha-1"} {
		require.False(t, v.Ended(lastDay.AddDate(10, 0, 0)), v)
	}
}

func TestVersionsAreListedNewestFirst(t *testing.T) {
	list := signup.Versions()
	require.Len(t, list, 6)
	for i, facts := range list {
		require.False(t, facts.Introduced.IsZero(), facts.Version)
		if i > 0 {
			require.False(t, facts.Introduced.After(list[i-1].Introduced), facts.Version)
		}
		found, known := facts.Version.Facts()
		require.True(t, known)
		require.Equal(t, facts, found)
	}
	facts, known := signup.Version("").Facts()
	require.True(t, known)
	require.Equal(t, signup.V4, facts.Version)
	facts, known = signup.Version("v9").Facts()
	require.False(t, known)
	require.Equal(t, signup.VersionFacts{Version: "v9"}, facts)
}

func TestVersionTableCannotBeChangedFromOutside(t *testing.T) {
	signup.Versions()[0].Features[0] = "spoiled"
	facts, _ := signup.V4.Facts()
	facts.FeatureTypes[0] = "spoiled"
	facts, _ = signup.V4.Facts()
	require.Equal(t, []signup.FeatureType{signup.FeatureCoexistence}, facts.FeatureTypes)
	require.Equal(t, []signup.Feature{signup.AppOnlyInstall}, facts.Features)
}
