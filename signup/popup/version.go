package popup

import (
	"slices"
	"time"
)

// Version is a version of Embedded Signup. It decides which screens the popup shows and
// which options it takes. It is not the version of the Graph API. Versions that are not in
// the list below are sent unchanged.
type Version string

// The versions that Meta has published. After its Ends date a version may stop working on
// any day: Meta announces the date, but not what happens then.
const (
	// V4 is the current version. An empty Version means V4.
	V4 Version = "v4"
	// V4PublicPreview is V4, but asks for the phone number first.
	V4PublicPreview Version = "v4-public-preview"
	// V3 ended in October 2026.
	V3 Version = "v3"
	// V3PublicPreview ended in October 2026.
	V3PublicPreview Version = "v3-public-preview"
	// V2 ended on 15 October 2026. It is the last version whose popup can skip the
	// phone number screens (FeatureOnlyWABA).
	V2 Version = "v2"
	// V2PublicPreview ended in October 2026.
	V2PublicPreview Version = "v2-public-preview"
)

// FeatureType selects another signup than the default one. Only one can be set.
type FeatureType string

// The feature types that Meta documents. [Version.Facts] lists the feature types of each
// version.
const (
	// FeatureCoexistence lets the customer connect the number of its WhatsApp Business
	// app and continue to use the app.
	FeatureCoexistence FeatureType = "whatsapp_business_app_onboarding"
	// FeatureOnlyWABA skips the phone number screens.
	FeatureOnlyWABA FeatureType = "only_waba_sharing"
	// FeatureMarketingMessages also signs the customer up for marketing messages. From
	// V3 on use the Feature MarketingMessages.
	FeatureMarketingMessages FeatureType = "marketing_messages_lite"
)

// Feature is an addition to the signup. Several can be combined.
type Feature string

// The features that Meta documents.
const (
	// AppOnlyInstall gives access to the assets only with the customer's business
	// token, not with the partner's system user.
	AppOnlyInstall Feature = "app_only_install"
	// MarketingMessages also signs the customer up for marketing messages. In V4 the
	// login configuration chooses the products.
	MarketingMessages Feature = "marketing_messages_lite"
)

// VersionFacts has what Meta documents about a version.
type VersionFacts struct {
	Version    Version
	Introduced time.Time
	// Ends is the announced end, or zero if none is announced. Meta names a day only for
	// V2, and October 2026 for the others; they have the day of V2 here.
	Ends time.Time
	// FeatureTypes and Features are those that the version supports.
	FeatureTypes []FeatureType
	Features     []Feature
	// NeedsNumber is true if the customer cannot finish without a verified number.
	NeedsNumber bool
	// AsksForSessionInfo is true if the popup posts its event only to pages that set
	// extras.sessionInfoVersion. LaunchOptions sets it.
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

// Versions returns the facts of all known versions, the newest first.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/versions
func Versions() []VersionFacts {
	list := make([]VersionFacts, len(versions))
	for i := range versions {
		list[i] = versions[i].clone()
	}
	return list
}

// Facts returns what Meta documents about the version. The empty version means V4. Known
// is false for a version that is not in the list of [Versions].
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

// Ended reports whether the announced end of the version is at or before the given time.
// It is false for a version that is not in the list of [Versions].
func (v Version) Ended(at time.Time) bool {
	facts, _ := v.Facts()
	return !facts.Ends.IsZero() && !at.Before(facts.Ends)
}

func (f VersionFacts) clone() VersionFacts {
	f.FeatureTypes, f.Features = slices.Clone(f.FeatureTypes), slices.Clone(f.Features)
	return f
}
