package diagnosis

// What is advised.
const (
	StartServer   = startServer
	PassToken     = passToken
	StartReceiver = startReceiver
	AllowNetwork  = allowNetwork
)
