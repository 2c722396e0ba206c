package popup

import (
	"slices"
	"time"
)

// Version is a version of Embedded Signup: which screens the popup shows and
// which options it takes. It has nothing to do with the version of the Graph
// API. Versions that are not in the list below are taken as they are.
type Version string

// The versions that Meta has published. A version behind its Ends date may
// stop working on any day: Meta announces the date, not what happens on it.
const (
	// V4 is the current version, and what the empty Version stands for.
	V4 Version = "v4"
	// V4PublicPreview is V4 with the phone number asked for first.
	V4PublicPreview Version = "v4-public-preview"
	// V3 ended in October 2026.
	V3 Version = "v3"
	// V3PublicPreview ended in October 2026.
	V3PublicPreview Version = "v3-public-preview"
	// V2 ended on 15 October 2026. It is the last version whose popup can leave
	// out the phone number screens (FeatureOnlyWABA).
	V2 Version = "v2"
	// V2PublicPreview ended in October 2026.
	V2PublicPreview Version = "v2-public-preview"
)

// FeatureType changes the course of the popup; one at a time.
type FeatureType string

// The feature types that Meta documents. Which version takes which is in
// [Version.Facts]; none is the default course.
const (
	// FeatureCoexistence lets the client bring the number of its WhatsApp
	// Business app and keep using the app.
	FeatureCoexistence FeatureType = "whatsapp_business_app_onboarding"
	// FeatureOnlyWABA leaves out the screens for the phone number.
	FeatureOnlyWABA FeatureType = "only_waba_sharing"
	// FeatureMarketingMessages also signs the client up for marketing messages.
	// From V3 on it is one of the Features.
	FeatureMarketingMessages FeatureType = "marketing_messages_lite"
)

// Feature is an addition to the popup; several go together.
type Feature string

// The features that Meta documents.
const (
	// AppOnlyInstall makes the assets reachable with the client's business
	// token only, not with the partner's system user.
	AppOnlyInstall Feature = "app_only_install"
	// MarketingMessages also signs the client up for marketing messages. In V4
	// products are chosen in the login configuration instead.
	MarketingMessages Feature = "marketing_messages_lite"
)

// VersionFacts are what Meta documents about a version.
type VersionFacts struct {
	Version    Version
	Introduced time.Time
	// Ends is the announced end, zero if none is. Meta names a day for V2 only
	// and October 2026 for the others; V2's day stands for all of them.
	Ends time.Time
	// FeatureTypes and Features are what the version takes.
	FeatureTypes []FeatureType
	Features     []Feature
	// NeedsNumber: the client cannot finish without a verified number.
	NeedsNumber bool
	// AsksForSessionInfo: the popup posts its message only to pages that set
	// extras.sessionInfoVersion, which LaunchOptions does.
	AsksForSessionInfo bool
}

var (
	endOfOlderVersions = time.Date(2026, time.October, 15, 0, 0, 0, 0, time.UTC)

	typesOfV2 = []FeatureType{FeatureOnlyWABA, FeatureCoexistence, FeatureMarketingMessages}
	typesOfV3 = []FeatureType{FeatureCoexistence}
	extrasOf2 = []Feature{MarketingMessages}
	extrasOf3 = []Feature{AppOnlyInstall, MarketingMessages}
	extrasOf4 = []Feature{AppOnlyInstall}
)

// versions is Meta's version matrix (page of 21 May 2026), newest first.
var versions = [...]VersionFacts{
	{V4PublicPreview, day(2026, time.May, 12), time.Time{}, typesOfV3, extrasOf4, false, false},
	{V4, day(2025, time.October, 8), time.Time{}, typesOfV3, extrasOf4, false, false},
	{V3PublicPreview, day(2025, time.August, 14), endOfOlderVersions, typesOfV3, extrasOf3, false, false},
	{V2PublicPreview, day(2025, time.August, 14), endOfOlderVersions, typesOfV2, extrasOf3, true, true},
	{V3, day(2025, time.May, 29), endOfOlderVersions, typesOfV3, extrasOf3, false, false},
	{V2, day(2023, time.January, 1), endOfOlderVersions, typesOfV2, extrasOf2, true, true},
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Versions are the facts of all known versions, the newest first.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/versions
func Versions() []VersionFacts {
	list := make([]VersionFacts, len(versions))
	for i := range versions {
		list[i] = versions[i].clone()
	}
	return list
}

// Facts are what is known about the version; the empty one is V4. Known is
// false for a version that is not in the list.
func (v Version) Facts() (facts VersionFacts, known bool) {
	if v == "" {
		v = V4
	}
	for i := range versions {
		facts := &versions[i]
		if facts.Version == v {
			return facts.clone(), true
		}
	}
	return VersionFacts{Version: v}, false
}

// Ended tells whether the version's announced end had come at that moment.
// Nothing is known to have ended about a version that is not in the list.
func (v Version) Ended(at time.Time) bool {
	facts, _ := v.Facts()
	return !facts.Ends.IsZero() && !at.Before(facts.Ends)
}

func (f VersionFacts) clone() VersionFacts {
	f.FeatureTypes, f.Features = slices.Clone(f.FeatureTypes), slices.Clone(f.Features)
	return f
}
