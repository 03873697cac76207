// Package assets holds what Parvis ships that is not code: icons, interface
// translations and sample studies. It knows where they lie and hands out their
// bytes; it must not know what is in them.
package assets
