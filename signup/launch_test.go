package signup_test

import (
	"bytes"
	"encoding/json"
	"html/template"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

const configID = "1234567890123456"

func TestLaunchOptionsAreTheObjectOfFBLogin(t *testing.T) {
	const head = `"config_id":"1234567890123456","response_type":"code","override_default_response_type":true`
	for name, test := range map[string]struct {
		options signup.LaunchOptions
		want    string
	}{
		"v4 by the configuration": {
			signup.LaunchOptions{},
			`{` + head + `,"extras":{"setup":{}}}`,
		},
		"v4 by name": {
			signup.LaunchOptions{Version: signup.V4},
			`{` + head + `,"extras":{"version":"v4","setup":{}}}`,
		},
		"coexistence": {
			signup.LaunchOptions{FeatureType: signup.FeatureCoexistence},
			`{` + head + `,"extras":{"featureType":"whatsapp_business_app_onboarding","setup":{}}}`,
		},
		"app-only install in a solution": {
			signup.LaunchOptions{
				Version: signup.V3, Features: []signup.Feature{signup.AppOnlyInstall}, Setup: signup.Prefill{Solution: "555000111222333"},
			},
			`{` + head + `,"extras":{"version":"v3","features":[{"name":"app_only_install"}],"setup":{"solutionID":"555000111222333"}}}`,
		},
		"v2 asks for its message": {
			signup.LaunchOptions{Version: signup.V2, FeatureType: signup.FeatureOnlyWABA},
			`{` + head + `,"extras":{"version":"v2","featureType":"only_waba_sharing","sessionInfoVersion":"3","setup":{}}}`,
		},
		"v2 preview": {
			signup.LaunchOptions{Version: signup.V2PublicPreview, Features: []signup.Feature{signup.AppOnlyInstall, signup.MarketingMessages}},
			`{` + head + `,"extras":{"version":"v2-public-preview","features":[{"name":"app_only_install"},{"name":"marketing_messages_lite"}],"sessionInfoVersion":"3","setup":{}}}`,
		},
		"a version of the future": {
			signup.LaunchOptions{
				Version: "v6", FeatureType: "something_new", Features: []signup.Feature{"cloud_api"},
				Extras: map[string]any{"theme": "dark", "a": []int{1}},
			},
			`{` + head + `,"extras":{"a":[1],"featureType":"something_new","features":[{"name":"cloud_api"}],"setup":{},"theme":"dark","version":"v6"}}`,
		},
		"pre-verified number": {
			signup.LaunchOptions{Setup: signup.Prefill{PreVerified: []wagraph.PreVerifiedNumberID{"106540352242922"}}},
			`{` + head + `,"extras":{"setup":{"preVerifiedPhone":{"ids":["106540352242922"]}}}}`,
		},
		"before login configurations": {
			signup.LaunchOptions{Scopes: signup.OldScopes()},
			`{"scope":"business_management,whatsapp_business_management","extras":{"feature":"whatsapp_embedded_signup","setup":{}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if len(test.options.Scopes) == 0 {
				test.options.ConfigID = configID
			}
			got, err := json.Marshal(test.options)
			require.NoError(t, err)
			require.Equal(t, test.want, string(got))
		})
	}
}

func TestLaunchOptionsThatMetaWouldNotActOn(t *testing.T) {
	for field, options := range map[string]signup.LaunchOptions{
		"config_id":          {},
		"extras.version":     {ConfigID: configID, Extras: map[string]any{"version": "v3"}},
		"extras.setup":       {ConfigID: configID, Extras: map[string]any{"setup": nil}},
		"extras.callback":    {ConfigID: configID, Extras: map[string]any{"callback": func() {}}},
		"extras.featureType": {ConfigID: configID, FeatureType: signup.FeatureOnlyWABA},
		"extras.features":    {ConfigID: configID, FeatureType: signup.FeatureCoexistence, Features: []signup.Feature{signup.AppOnlyInstall}},
		"extras.features[0]": {ConfigID: configID, Version: signup.V4, Features: []signup.Feature{signup.MarketingMessages}},
		"extras.features[1]": {ConfigID: configID, Features: []signup.Feature{signup.AppOnlyInstall, signup.AppOnlyInstall}},
		"extras.features[2]": {ConfigID: configID, Version: "v6", Features: []signup.Feature{"a", "b", ""}},
		"scope":              {ConfigID: configID, Scopes: signup.OldScopes()},
		"setup.solutionID":   {ConfigID: configID, Setup: signup.Prefill{Solution: "x"}},
	} {
		t.Run(field, func(t *testing.T) {
			_, err := json.Marshal(options)
			require.ErrorIs(t, err, wagraph.ErrInput)
			require.Equal(t, field, inputFieldOf(t, err))
		})
	}
}

func TestFeatureTypesByVersion(t *testing.T) {
	// The rows of Meta's version matrix.
	takes := map[signup.FeatureType][]signup.Version{
		signup.FeatureOnlyWABA:          {signup.V2, signup.V2PublicPreview},
		signup.FeatureMarketingMessages: {signup.V2, signup.V2PublicPreview},
		signup.FeatureCoexistence: {
			"", signup.V2, signup.V2PublicPreview, signup.V3, signup.V3PublicPreview, signup.V4, signup.V4PublicPreview,
		},
	}
	for feature, versions := range takes {
		for _, facts := range append(signup.Versions(), signup.VersionFacts{}) {
			options := signup.LaunchOptions{ConfigID: configID, Version: facts.Version, FeatureType: feature}
			if slices.Contains(versions, facts.Version) {
				require.NoError(t, options.Check(), "%s in %q", feature, facts.Version)
			} else {
				require.Equal(t, "extras.featureType", inputFieldOf(t, options.Check()), "%s in %q", feature, facts.Version)
			}
		}
	}
}

func TestOldFlowTakesNothingOfTheNewOnes(t *testing.T) {
	for _, options := range []signup.LaunchOptions{
		{Scopes: signup.OldScopes(), Version: signup.V3},
		{Scopes: signup.OldScopes(), FeatureType: signup.FeatureCoexistence},
		{Scopes: signup.OldScopes(), Features: []signup.Feature{signup.AppOnlyInstall}},
		{Scopes: []string{"business_management", ""}},
	} {
		require.Equal(t, "scope", inputFieldOf(t, options.Check()))
	}
}

func TestLaunchOptionsCannotLeaveTheirScript(t *testing.T) {
	options := signup.LaunchOptions{ConfigID: configID, Setup: signup.Prefill{Business: signup.PrefillBusiness{
		Name: "</script><script>alert(1)</script> & Söhne\u2028", Email: "a@example.com", Website: "https://example.com",
		Address: signup.PrefillAddress{Country: "DE"},
	}}}
	direct, err := options.MarshalJSON()
	require.NoError(t, err)
	var page bytes.Buffer
	tmpl := template.Must(template.New("page").Parse(`<script>FB.login(finished, {{.}})</script>`))
	require.NoError(t, tmpl.Execute(&page, options))
	for _, text := range []string{string(direct), page.String()[len("<script>") : page.Len()-len("</script>")]} {
		require.NotContains(t, text, "<")
		require.NotContains(t, text, "&")
		require.NotContains(t, text, "\u2028")
		require.Contains(t, text, `\u003c/script\u003e`)
	}
	require.Contains(t, page.String(), `FB.login(finished, {"config_id":"1234567890123456",`)
}
