package waba

// The calls of this package, as Graph names them below the version.
const (
	routeOwned          = "/{business-id}/owned_whatsapp_business_accounts"
	routeClients        = "/{business-id}/client_whatsapp_business_accounts"
	routeSystemUsers    = "/{business-id}/system_users"
	routeAccount        = "/{waba-id}"
	routeAssignedUsers  = "/{waba-id}/assigned_users"
	routeSubscribedApps = "/{waba-id}/subscribed_apps"
)
