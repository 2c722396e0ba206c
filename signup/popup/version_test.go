package popup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func TestVersion_Ended(t *testing.T) {
	lastDay := time.Date(2026, time.October, 14, 23, 59, 59, 0, time.UTC)
	for _, v := range []popup.Version{popup.V2, popup.V2PublicPreview, popup.V3, popup.V3PublicPreview} {
		require.False(t, v.Ended(lastDay), v)
		require.True(t, v.Ended(lastDay.Add(time.Second)), v)
	}
	for _, v := range []popup.Version{"", popup.V4, popup.V4PublicPreview, "v5", "v3-alpha-1"} {
		require.False(t, v.Ended(lastDay.AddDate(10, 0, 0)), v)
	}
}

func TestVersions_NewestFirst(t *testing.T) {
	list := popup.Versions()
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
	facts, known := popup.Version("").Facts()
	require.True(t, known)
	require.Equal(t, popup.V4, facts.Version)
	facts, known = popup.Version("v9").Facts()
	require.False(t, known)
	require.Equal(t, popup.VersionFacts{Version: "v9"}, facts)
}

func TestVersions_ReturnsCopies(t *testing.T) {
	popup.Versions()[0].Features[0] = "changed"
	facts, _ := popup.V4.Facts()
	facts.FeatureTypes[0] = "changed"
	facts, _ = popup.V4.Facts()
	require.Equal(t, []popup.FeatureType{popup.FeatureCoexistence}, facts.FeatureTypes)
	require.Equal(t, []popup.Feature{popup.AppOnlyInstall}, facts.Features)
}
