// Package connection asks the device whether its network costs by the byte, where the system lets the toolkit ask: on Android, which
// calls such a network metered. It knows the system; it must not know what is sent, nor settings or screens.
package connection
