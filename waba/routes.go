package waba

// The routes of this package's calls, as Graph names them after the version.
const (
	routeOwned          = "/{business-id}/owned_whatsapp_business_accounts"
	routeClients        = "/{business-id}/client_whatsapp_business_accounts"
	routeSystemUsers    = "/{business-id}/system_users"
	routeAccount        = "/{waba-id}"
	routeAssignedUsers  = "/{waba-id}/assigned_users"
	routeSubscribedApps = "/{waba-id}/subscribed_apps"
)
